/** The classes of which one in `write` of manager.conf lets a user do an action, and the actions. What is not here needs none, or is not known. */
const needed: Readonly<Record<string, readonly string[]>> = {
  agent: ['AgentLogoff', 'Agents', 'QueueAdd', 'QueueLog', 'QueueMemberRingInUse', 'QueuePause', 'QueuePenalty', 'QueueRemove'],
  agi: ['AGI'],
  aoc: ['AOCMessage'],
  call: [
    'Atxfer', 'BlindTransfer', 'Bridge', 'CancelAtxfer', 'ConfbridgeKick', 'ConfbridgeLock', 'ConfbridgeMute', 'ConfbridgeSetSingleVideoSrc',
    'ConfbridgeUnlock', 'ConfbridgeUnmute', 'ControlPlayback', 'FAXSession', 'FAXSessions', 'MeetmeMute', 'MeetmeUnmute', 'MWIDelete', 'MWIUpdate',
    'Park', 'ParkedCalls', 'Parkinglots', 'PlayDTMF', 'PlayMF', 'Redirect', 'SendFlash', 'SendText', 'Setvar',
  ],
  command: ['Command'],
  config: ['CreateConfig', 'ListCategories', 'UpdateConfig'],
  message: ['MessageSend'],
  originate: ['Originate'],
  reporting: ['ConfbridgeList', 'ConfbridgeListRooms', 'FAXStats', 'MeetmeList', 'MeetmeListRooms'],
  system: [
    'ConfbridgeStartRecord', 'ConfbridgeStopRecord', 'DBDel', 'DBDelTree', 'DBPut', 'DialplanExtensionAdd', 'DialplanExtensionRemove', 'Filter',
    'JabberSend', 'MixMonitor', 'ModuleCheck', 'ModuleLoad', 'MuteAudio', 'PJSIPNotify', 'PJSIPSetMaintenance', 'PJSIPShowAors', 'PJSIPShowAuths', 'PJSIPShowContacts',
    'PJSIPShowEndpoint', 'PJSIPShowEndpoints', 'PJSIPShowRegistrationInboundContactStatuses', 'PJSIPShowRegistrationsInbound',
    'PJSIPShowResourceLists', 'PJSIPShowSubscriptionsInbound', 'PJSIPShowSubscriptionsOutbound',
  ],
  user: ['UserEvent', 'VoicemailForward', 'VoicemailMove', 'VoicemailRefresh', 'VoicemailRemove'],
  'call or reporting': [
    'DeviceStateList', 'ExtensionState', 'ExtensionStateList', 'Getvar', 'MailboxCount', 'MailboxStatus', 'MWIGet', 'PresenceState',
    'PresenceStateList', 'VoicemailBoxSummary', 'VoicemailUserStatus', 'VoicemailUsersList',
  ],
  'config or reporting': ['ShowDialPlan'],
  'system or call': ['AbsoluteTimeout', 'Hangup', 'LocalOptimizeAway', 'MixMonitorMute', 'PJSIPHangup', 'StopMixMonitor'],
  'system or config': ['GetConfig', 'GetConfigJSON', 'Reload'],
  'system or reporting': [
    'CoreSettings', 'CoreShowChannelMap', 'CoreShowChannels', 'CoreStatus', 'DBGet', 'DBGetTree', 'IAXnetstats', 'IAXpeerlist', 'IAXpeers',
    'IAXregistry', 'LoggerRotate', 'PJSIPQualify', 'PJSIPRegister', 'PJSIPShowMaintenance', 'PJSIPShowRegistrationsOutbound', 'PJSIPUnregister',
  ],
  'system, call or reporting': ['Status'],
}; // prettier-ignore

/** What manager.conf has to say to let a user do an action, as Asterisk 22 has it. */
export function permissionFor(action: string, reply = ''): string {
  // Applications, functions and commands that reach the system itself.
  if (/forbidden/i.test(reply)) return `what it names needs the class system as well: add system to the user's write in manager.conf`;
  const name = action.toLowerCase();
  const classes = Object.entries(needed).find(([, actions]) => actions.some((own) => own.toLowerCase() === name))?.[0];
  return classes === undefined
    ? "add the class that `manager show command` names to the user's write in manager.conf"
    : `add ${classes} to the user's write in manager.conf`;
}

/** The actions whose classes are known here, with their classes. */
export const permissions: ReadonlyMap<string, string> = new Map(
  Object.entries(needed).flatMap(([classes, actions]) => actions.map((action) => [action, classes] as const)),
);

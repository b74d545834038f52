import { UsageError } from '../../ground/errors';

/** The classes that Asterisk parts its events and actions into. */
export const eventClasses = [
  'system',
  'call',
  'log',
  'verbose',
  'command',
  'agent',
  'user',
  'config',
  'dtmf',
  'reporting',
  'cdr',
  'dialplan',
  'originate',
  'agi',
  'cc',
  'aoc',
  'test',
  'security',
  'message',
] as const;

export type EventClass = (typeof eventClasses)[number];

const everything = ['on', 'all', 'yes', 'true', '1', 'y', 't'];
const nothing = ['off', 'none', 'no', 'false', '0', 'n', 'f'];

/** Throws UsageError for a mask with a class that Asterisk does not know: it would answer Success, and send no events at all. */
export function checkMask(mask: string): void {
  const words = mask.split(',').map((word) => word.trim().toLowerCase());
  if (words.length === 1 && [...everything, ...nothing].includes(words[0] ?? '')) return;
  const unknown = words.find((word) => !(eventClasses as readonly string[]).includes(word) && word !== 'all');
  if (unknown === undefined) return;
  throw new UsageError(
    'FASTAGI_MANAGER_MASK',
    `the event mask names ${JSON.stringify(unknown)}, with which Asterisk would send no events at all; write on, off, or some of ${eventClasses.join(', ')}; nothing was sent`,
  );
}

/** The events of each class, as Asterisk 22 and 16 spell them. What comes only in lists is not among them. */
const events: Partial<Record<EventClass, readonly string[]>> = {
  agent: [
    'AgentCalled', 'AgentComplete', 'AgentConnect', 'AgentDump', 'AgentLogin', 'AgentLogoff', 'AgentRingNoAnswer', 'QueueCallerAbandon',
    'QueueCallerJoin', 'QueueCallerLeave', 'QueueMemberAdded', 'QueueMemberPause', 'QueueMemberPenalty', 'QueueMemberRemoved',
    'QueueMemberRinginuse', 'QueueMemberStatus',
  ],
  agi: ['AGIExecEnd', 'AGIExecStart', 'AsyncAGIEnd', 'AsyncAGIExec', 'AsyncAGIStart'],
  aoc: ['AOC-D', 'AOC-E', 'AOC-S'],
  call: [
    'AttendedTransfer', 'BlindTransfer', 'BridgeCreate', 'BridgeDestroy', 'BridgeEnter', 'BridgeLeave', 'BridgeMerge', 'BridgeVideoSourceUpdate',
    'CEL', 'ChannelTalkingStart', 'ChannelTalkingStop', 'ChanSpyStart', 'ChanSpyStop', 'ConfbridgeEnd', 'ConfbridgeJoin', 'ConfbridgeLeave',
    'ConfbridgeMute', 'ConfbridgeRecord', 'ConfbridgeStart', 'ConfbridgeStopRecord', 'ConfbridgeTalking', 'ConfbridgeUnmute', 'DAHDIChannel',
    'DeviceStateChange', 'DialBegin', 'DialEnd', 'DialState', 'ExtensionStatus', 'FAXStatus', 'Flash', 'Hangup', 'HangupRequest', 'Hold',
    'LocalBridge', 'LocalOptimizationBegin', 'LocalOptimizationEnd', 'MCID', 'MeetmeEnd', 'MeetmeJoin', 'MeetmeLeave', 'MeetmeMute',
    'MeetmeTalking', 'MeetmeTalkRequest', 'MessageWaiting', 'MiniVoiceMail', 'MixMonitorMute', 'MixMonitorStart', 'MixMonitorStop',
    'MusicOnHoldStart', 'MusicOnHoldStop', 'NewAccountCode', 'NewCallerid', 'Newchannel', 'NewConnectedLine', 'Newstate', 'OriginateResponse',
    'ParkedCall', 'ParkedCallGiveUp', 'ParkedCallSwap', 'ParkedCallTimeOut', 'Pickup', 'PresenceStateChange', 'PresenceStatus', 'ReceiveFAX',
    'Rename', 'SendFAX', 'SoftHangupRequest', 'Unhold', 'UnParkedCall', 'Wink',
  ],
  cdr: ['Cdr'],
  dialplan: ['HangupHandlerPop', 'HangupHandlerPush', 'HangupHandlerRun', 'Newexten', 'VarSet'],
  dtmf: ['DTMFBegin', 'DTMFEnd'],
  reporting: ['RTCPReceived', 'RTCPSent'],
  security: [
    'AuthMethodNotAllowed', 'ChallengeResponseFailed', 'ChallengeSent', 'FailedACL', 'InvalidAccountID', 'InvalidPassword', 'InvalidTransport',
    'LoadAverageLimit', 'MemoryLimit', 'RequestBadFormat', 'RequestNotAllowed', 'RequestNotSupported', 'SessionLimit', 'SuccessfulAuth',
    'UnexpectedAddress',
  ],
  system: [
    'Alarm', 'AlarmClear', 'ContactStatus', 'DeadlockStart', 'DNDState', 'FullyBooted', 'Load', 'LogChannel', 'PeerStatus', 'Registry', 'Reload',
    'Shutdown', 'SpanAlarm', 'SpanAlarmClear', 'Unload',
  ],
  user: ['UserEvent', 'VoicemailPasswordChange'],
}; // prettier-ignore

/** An event as Asterisk spells it, and its class; undefined for one that is not known here. */
export function knownEvent(name: string): { readonly name: string; readonly class: EventClass } | undefined {
  const wanted = name.toLowerCase();
  for (const [own, names] of Object.entries(events)) {
    const found = names.find((each) => each.toLowerCase() === wanted);
    if (found !== undefined) return { name: found, class: own as EventClass };
  }
  return undefined;
}

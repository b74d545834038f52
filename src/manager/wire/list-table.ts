import type { Message } from './message';

/*
 * One rule for every list: Asterisk answers with `EventList: start`, sends an event an item with the action's ActionID, and one with
 * `EventList: Complete`. Here stand the names of the items, as whoever sends a UserEvent chooses each of its headers, the ActionID too;
 * and what keeps to another rule.
 */

const items: Readonly<Record<string, readonly string[]>> = {
  agents: ['Agents'],
  bridgeinfo: ['BridgeInfoChannel'],
  bridgelist: ['BridgeListItem'],
  bridgetechnologylist: ['BridgeTechnologyListItem'],
  confbridgelist: ['ConfbridgeList'],
  confbridgelistrooms: ['ConfbridgeListRooms'],
  coreshowchannelmap: ['CoreShowChannelMap'],
  coreshowchannels: ['CoreShowChannel'],
  dahdishowchannels: ['DAHDIShowChannels'],
  dahdishowstatus: ['DAHDIShowStatus'],
  dbget: ['DBGetResponse'],
  dbgettree: ['DBGetTreeResponse'],
  devicestatelist: ['DeviceStateChange'],
  extensionstatelist: ['ExtensionStatus'],
  faxsession: ['FAXSession'],
  faxsessions: ['FAXSessionsEntry'],
  faxstats: ['FAXStats'],
  hangup: ['ChannelHungup'],
  iaxpeerlist: ['PeerEntry'],
  iaxpeers: ['PeerEntry'],
  iaxregistry: ['RegistryEntry'],
  meetmelist: ['MeetmeList'],
  meetmelistrooms: ['MeetmeListRooms'],
  mwiget: ['MWIGet'],
  parkedcalls: ['ParkedCall'],
  parkinglots: ['Parkinglot'],
  pjsipshowaors: ['AorList'],
  pjsipshowauths: ['AuthList'],
  pjsipshowcontacts: ['ContactList'],
  pjsipshowendpoint: ['EndpointDetail', 'AorDetail', 'AuthDetail', 'TransportDetail', 'IdentifyDetail', 'ContactStatusDetail'],
  pjsipshowendpoints: ['EndpointList'],
  pjsipshowmaintenance: ['PJSIPMaintenanceStatus'],
  pjsipshowregistrationinboundcontactstatuses: ['ContactStatusDetail'],
  pjsipshowregistrationsinbound: ['InboundRegistrationDetail'],
  pjsipshowregistrationsoutbound: ['OutboundRegistrationDetail', 'AuthDetail'],
  pjsipshowresourcelists: ['ResourceListDetail'],
  pjsipshowsubscriptionsinbound: ['InboundSubscriptionDetail'],
  pjsipshowsubscriptionsoutbound: ['OutboundSubscriptionDetail'],
  presencestatelist: ['PresenceStateChange'],
  prishowspans: ['PRIShowSpans'],
  queuestatus: ['QueueParams', 'QueueMember', 'QueueEntry'],
  queuesummary: ['QueueSummary'],
  showdialplan: ['ListDialplan'],
  sippeers: ['PeerEntry'],
  sipshowregistry: ['RegistryEntry'],
  status: ['Status'],
  voicemailboxsummary: ['VoicemailBoxDetail'],
  voicemailuserstatus: ['VoicemailUserDetail'],
  voicemailuserslist: ['VoicemailUserEntry'],
};

/** They answer without a word of a list, and send one event. */
const single = ['faxsession', 'faxstats'];
/** Their items come without an ActionID. */
const withoutId = ['iaxpeers', 'iaxpeerlist'];

/** Whether the answer says that a list follows it. */
export function announcesList(response: Message): boolean {
  return /^start$/i.test(response.get('EventList') ?? '');
}

/** Whether items follow the answer, announced or not. */
export function beginsList(action: string, response: Message): boolean {
  return announcesList(response) || single.includes(action.toLowerCase());
}

/** What an event with the action's ActionID is for its list; undefined if it is none of it. */
export function partOfList(action: string, event: Message): 'item' | 'last item' | 'end' | 'cancelled' | undefined {
  const { name } = event;
  if (/^userevent$/i.test(name)) return undefined;
  const state = event.get('EventList')?.toLowerCase();
  if (state === 'complete') return 'end';
  if (state === 'cancelled') return 'cancelled';
  const known = items[action.toLowerCase()];
  // A module of somebody else's has items whose names nobody knows here.
  if (known && !known.some((own) => own.toLowerCase() === name.toLowerCase())) return undefined;
  return single.includes(action.toLowerCase()) ? 'last item' : 'item';
}

/** Whether an event without an ActionID is an item of this action's list all the same. */
export function isItemWithoutId(action: string, event: Message): boolean {
  return withoutId.includes(action.toLowerCase()) && partOfList(action, event) === 'item';
}

/** The actions whose items are known by their names. */
export const knownLists: readonly string[] = Object.keys(items);

import type { ManagerFields, ReceivedAction } from './manager-wire';

/** What the simulated manager answers. */
export interface ManagerAnswer {
  /** Refuses the action with these words. */
  readonly error?: string;
  readonly message?: string;
  readonly fields?: ManagerFields;
  /** Answers with a list: its entries, and the event that ends it. */
  readonly list?: {
    readonly entries: Iterable<readonly [event: string, fields: ManagerFields]>;
    readonly complete: string;
    /** Ends it as one that was broken off. */
    readonly cancelled?: boolean;
  };
  /** Answers after so many ms; all actions of this client wait until then. */
  readonly after?: number;
}

/** Answers an action, or with undefined not at all. */
export type ManagerAction = (action: ReceivedAction, asterisk: ManagerState) => ManagerAnswer | undefined;

/** What the simulated Asterisk knows. */
export interface ManagerState {
  /** Each channel's variables, by its name. */
  readonly channels: Map<string, Map<string, string>>;
  readonly variables: Map<string, string>;
  /** The channels that run `AGI(agi:async)`, as lists show them. */
  asyncChannels(): readonly ManagerFields[];
  /** By `family/key`. */
  readonly database: Map<string, string>;
  /** Whether Asterisk has started. */
  isBooted(): boolean;
  /** When its process began: ten minutes ago, unless it has not started. */
  readonly startedAt: Date;
  /** Has an event sent to every client whose mask takes it. @param privilege the event's class, as masks name it (`call`) */
  emit(event: string, fields?: ManagerFields, privilege?: string): void;
}

const channelOf = (action: ReceivedAction, { channels, variables }: ManagerState): Map<string, string> | undefined => {
  const name = action.get('Channel') ?? '';
  return name === '' ? variables : channels.get(name);
};

const noChannel: ManagerAnswer = { error: 'No such channel' };

/** The actions that the simulated manager knows by itself, by their names in lower case. */
export const builtInActions: Readonly<Record<string, ManagerAction>> = {
  ping: () => ({ fields: { Ping: 'Pong', Timestamp: (Date.now() / 1000).toFixed(6) } }),
  coresettings: () => ({ fields: { AMIversion: '11.0.0', AsteriskVersion: '22.10.1', SystemName: '' } }),
  corestatus(_, asterisk) {
    const [date = '', time = ''] = asterisk.startedAt.toISOString().split(/[T.]/);
    const fields = { CoreStartupDate: date, CoreStartupTime: time, CoreReloadDate: date, CoreReloadTime: time };
    return { fields: { ...fields, CoreCurrentCalls: asterisk.channels.size } };
  },
  userevent(action, asterisk) {
    const headers: Record<string, string[]> = {};
    for (const [name, value] of action.fields) (headers[name] ??= []).push(value);
    const { UserEvent, ...fields } = headers;
    // Whoever sends it chooses every header, the ActionID too.
    const sent = { UserEvent: UserEvent?.[0] ?? '', ...(action.id !== undefined && { ActionID: action.id }), ...fields };
    setImmediate(() => asterisk.emit('UserEvent', sent, 'user'));
    return { message: 'Event Sent' };
  },
  getvar(action, asterisk) {
    const variable = action.get('Variable');
    if (variable === undefined) return { error: 'No variable specified' };
    const variables = channelOf(action, asterisk);
    return variables ? { fields: { Variable: variable, Value: variables.get(variable) ?? '' } } : noChannel;
  },
  setvar(action, asterisk) {
    const variable = action.get('Variable');
    if (variable === undefined) return { error: 'No variable specified' };
    const variables = channelOf(action, asterisk);
    variables?.set(variable, (action.get('Value') ?? '').trimEnd());
    return variables ? { message: 'Variable Set' } : noChannel;
  },
  dbget(action, { database }) {
    const [family = '', key = ''] = [action.get('Family'), action.get('Key')];
    const value = database.get(`${family}/${key}`);
    if (value === undefined) return { error: 'Database entry not found' };
    const entry = ['DBGetResponse', { Family: family, Key: key, Val: value, ActionID: action.id }] as const;
    return { message: 'Result will follow', list: { entries: [entry], complete: 'DBGetComplete' } };
  },
  dbput(action, { database }) {
    database.set(`${action.get('Family')}/${action.get('Key')}`, action.get('Val') ?? '');
    return { message: 'Updated database successfully' };
  },
  dbdel(action, { database }) {
    const isThere = database.delete(`${action.get('Family')}/${action.get('Key')}`);
    return isThere ? { message: 'Key deleted successfully' } : { error: 'Database entry could not be deleted' };
  },
  dbdeltree(action, { database }) {
    const [family, key] = [action.get('Family') ?? '', action.get('Key')];
    const prefix = key ? `${family}/${key}` : family;
    const found = [...database.keys()].filter((name) => name === prefix || name.startsWith(`${prefix}/`));
    for (const name of found) database.delete(name);
    return found.length > 0 ? { message: 'Key tree deleted successfully' } : { error: 'Database entry not found' };
  },
  status(action, { channels }) {
    const name = action.get('Channel') ?? '';
    if (name !== '' && !channels.has(name)) return noChannel;
    const wanted = (action.get('Variables') ?? '').split(',').filter((variable) => variable !== '');
    const isAll = /^(?:yes|true|on|1)$/i.test(action.get('AllVariables') ?? '');
    const entries = [...channels].filter(([own]) => name === '' || own === name).map(
      ([own, variables]) =>
        ['Status', { Channel: own, ChannelState: 6, ChannelStateDesc: 'Up', Variable: (isAll ? [...variables.keys()] : wanted).map((one) => `${one}=${variables.get(one) ?? ''}`) }] as const,
    ); // prettier-ignore
    return { message: 'Channel status will follow', list: { entries, complete: 'StatusComplete' } };
  },
  coreshowchannels(_, { asyncChannels }) {
    const entries = asyncChannels().map((fields) => ['CoreShowChannel', fields] as const);
    return { message: 'Channels will follow', list: { entries, complete: 'CoreShowChannelsComplete' } };
  },
  hangup(action, asterisk) {
    const name = action.get('Channel') ?? '';
    if (!asterisk.channels.delete(name)) return noChannel;
    queueMicrotask(() => asterisk.emit('Hangup', { Channel: name, Cause: action.get('Cause') ?? '16' }, 'call'));
    return { message: 'Channel Hungup' };
  },
  originate(action, asterisk) {
    const channel = action.get('Channel');
    if (channel === undefined) return { error: 'Channel not specified' };
    const name = `${channel}-${(asterisk.channels.size + 1).toString(16).padStart(8, '0')};1`;
    asterisk.channels.set(name, new Map(action.all('Variable').flatMap(variablesOf)));
    const uniqueid = action.get('ChannelId') ?? `${asterisk.channels.size}.1`;
    const response = { Response: 'Success', Channel: name, Reason: 4, Uniqueid: uniqueid, ActionID: action.id };
    setImmediate(() => asterisk.emit('OriginateResponse', response, 'call'));
    return { message: 'Originate successfully queued' };
  },
};

/** `A=1,B=2\,3`, as Asterisk splits it. */
function variablesOf(text: string): [string, string][] {
  const parts = text.match(/(?:\\.|[^\\,])+/gs) ?? [];
  return parts.map((part) => {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? [];
    return [name, value.replace(/\\(.)/gs, '$1')];
  });
}

import { channelStates, type ChannelState } from '../../ground/channel-states';
import { ManagerError } from '../../ground/errors';
import type { ManagerClient } from '../client';
import { countOf, entriesOf, nameAndValue, numberOf, headerText } from '../wire/header-values';
import type { ManagerEvent } from '../event';

/** Where in the dialplan. */
export interface DialplanTarget {
  readonly context: string;
  readonly extension: string;
  /** A number or a label (1). */
  readonly priority?: number | string | undefined;
}

export interface PartyName {
  readonly name: string | undefined;
  readonly number: string | undefined;
}

/** A channel, as the manager's Status tells of it. */
export interface ChannelStatus extends DialplanTarget {
  readonly channel: string;
  readonly state: ChannelState | undefined;
  readonly caller: PartyName;
  /** Whom it is connected to. */
  readonly connected: PartyName;
  readonly accountCode: string | undefined;
  readonly priority: number;
  /** The application that it is in, and with what. */
  readonly application: string | undefined;
  readonly data: string | undefined;
  /** How long it exists, in s. */
  readonly seconds: number;
  readonly uniqueId: string;
  readonly linkedId: string;
  /** The bridge in which it is; undefined where it is in none. */
  readonly bridge: string | undefined;
  /** The values of the variables that were asked for. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface RedirectOptions extends DialplanTarget {
  readonly channel: string;
  readonly extraChannel?: string | undefined;
  readonly extraContext?: string | undefined;
  readonly extraExtension?: string | undefined;
  /** (1) */
  readonly extraPriority?: number | string | undefined;
}

/** Each throws ManagerError if there is no such channel. */
export interface ChannelActions {
  /** Hangs a channel up after so many s; 0 takes it back. @see Asterisk: manager action AbsoluteTimeout */
  absoluteTimeout(what: { channel: string; timeout: number }): Promise<void>;
  /** Hangs a channel up. @param what.cause the cause as Q.850 numbers it @see Asterisk: manager action Hangup */
  hangup(what: { channel: string; cause?: number }): Promise<void>;
  /**
   * A variable of a channel, or a global one; undefined if it is not set. A function (`CDR(start)`) that gives nothing is an empty text. To tell what is
   * not set from what is empty takes a second look: a user who may not have it (`write = reporting`, for global ones `command`) gets undefined for both.
   * Asterisk cuts values at line ends, and those of functions after 1,023 bytes.
   * @see Asterisk: manager action Getvar
   */
  getVar(what: { channel?: string; variable: string }): Promise<string | undefined>;
  /** Sets a variable of a channel, or a global one. @see Asterisk: manager action Setvar */
  setVar(what: { channel?: string; variable: string; value: string | number }): Promise<void>;
  /**
   * Has a channel go on elsewhere in the dialplan, and with it a second one: in the same place, unless its own is given.
   * @see Asterisk: manager action Redirect
   */
  redirect(what: RedirectOptions): Promise<void>;
  /** Begins an attended transfer, as if the channel had asked for it by its keys. @see Asterisk: manager action Atxfer */
  atxfer(what: DialplanTarget & { channel: string }): Promise<void>;
  /** The channels, or one of them. @param what.variables whose values are wanted too @see Asterisk: manager action Status */
  status(what?: { channel?: string; variables?: readonly string[] }): Promise<ChannelStatus[]>;
  /** Gone from Asterisk: on those that do not have it, throws what to use instead. @see Asterisk: manager action SetCDRUserField */
  setCdrUserField(what: { channel: string; userField: string; append?: boolean }): Promise<void>;
}

export function channelActions(client: ManagerClient): ChannelActions {
  const { action, list } = client;
  return {
    async absoluteTimeout({ channel, timeout }) {
      await action('AbsoluteTimeout', { Channel: channel, Timeout: timeout });
    },
    async hangup({ channel, cause }) {
      await action('Hangup', { Channel: channel, Cause: cause });
    },
    async getVar({ channel, variable }) {
      const value = (await action('Getvar', { Channel: channel, Variable: variable })).get('Value') ?? '';
      if (value !== '' || variable.endsWith(')')) return value;
      return (await isSet(client, channel, variable)) ? '' : undefined;
    },
    async setVar({ channel, variable, value }) {
      await action('Setvar', { Channel: channel, Variable: variable, Value: value });
    },
    async redirect({ channel, extraChannel, extraContext, extraExtension, extraPriority = 1, ...target }) {
      const isElsewhere = extraContext !== undefined || extraExtension !== undefined;
      const extra = isElsewhere && {
        ExtraContext: extraContext ?? target.context,
        ExtraExten: extraExtension ?? target.extension,
        ExtraPriority: extraPriority,
      };
      await action('Redirect', { Channel: channel, ...targetFields(target), ExtraChannel: extraChannel, ...extra });
    },
    async atxfer({ channel, ...target }) {
      await action('Atxfer', { Channel: channel, ...targetFields(target) });
    },
    status: ({ channel, variables = [] } = {}) =>
      entriesOf(list('Status', { Channel: channel, Variables: variables.join(',') || undefined }), ['Status'], statusOf),
    async setCdrUserField({ channel, userField, append }) {
      await action('SetCDRUserField', { Channel: channel, UserField: userField, Append: append });
    },
  };
}

/** A place in the dialplan, as most actions name it. */
export function targetFields({ context, extension, priority = 1 }: DialplanTarget): Record<string, string | number> {
  return { Context: context, Exten: extension, Priority: priority };
}

/** Getvar answers the same for a variable that is empty and for one that is not set: the list of all tells. */
async function isSet(client: ManagerClient, channel: string | undefined, variable: string): Promise<boolean> {
  try {
    return await isListed(client, channel, variable);
  } catch (error) {
    if (error instanceof ManagerError && error.code === 'FASTAGI_MANAGER_PERMISSION') return false;
    throw error;
  }
}

async function isListed({ list, action }: ManagerClient, channel: string | undefined, variable: string): Promise<boolean> {
  if (channel === undefined) {
    const globals = (await action('Command', { Command: 'dialplan show globals' })).all('Output');
    return globals.some((line) => line.trimStart().startsWith(`${variable}=`));
  }
  for await (const event of list<'Status'>('Status', { Channel: channel, AllVariables: true }))
    if (event.all('Variable').some((pair) => pair.startsWith(`${variable}=`))) return true;
  return false;
}

function statusOf(event: ManagerEvent): ChannelStatus {
  return {
    channel: event.get('Channel') ?? '',
    state: channelStates[countOf(event, 'ChannelState')],
    caller: { name: headerText(event, 'CallerIDName'), number: headerText(event, 'CallerIDNum') },
    connected: { name: headerText(event, 'ConnectedLineName'), number: headerText(event, 'ConnectedLineNum') },
    accountCode: headerText(event, 'AccountCode'),
    context: event.get('Context') ?? '',
    extension: event.get('Exten') ?? '',
    priority: countOf(event, 'Priority'),
    application: headerText(event, 'Application'),
    data: headerText(event, 'Data'),
    seconds: numberOf(event, 'Seconds') ?? 0,
    uniqueId: event.get('Uniqueid') ?? '',
    linkedId: event.get('Linkedid') ?? '',
    bridge: headerText(event, 'BridgeID'),
    variables: Object.fromEntries(event.all('Variable').map(nameAndValue)),
  };
}

import { ManagerError } from '../../ground/errors';
import type { ManagerClient } from '../client';
import { countOf, headerText } from '../wire/header-values';

/** What the phones of a hint are doing. */
export interface ExtensionState {
  readonly extension: string;
  readonly context: string;
  /** The devices behind it; undefined where the dialplan has no hint for it. */
  readonly hint: string | undefined;
  readonly state: 'idle' | 'inUse' | 'busy' | 'unavailable' | 'ringing' | 'ringingInUse' | 'onHold' | 'inUseOnHold' | 'removed' | 'unknown';
}

export interface MailboxCount {
  readonly urgent: number;
  readonly fresh: number;
  readonly old: number;
}

export interface SystemActions {
  /** Runs a console command. @returns what it prints, lines separated by newlines @see Asterisk: manager action Command */
  command(command: string): Promise<string>;
  /** A value of Asterisk's database; undefined where there is none. @see Asterisk: manager action DBGet */
  dbGet(what: { family: string; key: string }): Promise<string | undefined>;
  /** What the phones of an extension are doing. @see Asterisk: manager action ExtensionState */
  extensionState(what: { extension: string; context: string }): Promise<ExtensionState>;
  /** The actions that this Asterisk knows and the user may use, each with what it does. @see Asterisk: manager action ListCommands */
  listCommands(): Promise<Record<string, string>>;
  /** Logs off; the same as `close()`. @see Asterisk: manager action Logoff */
  logoff(): Promise<void>;
  /** How many messages a mailbox (`100@default`) has. @see Asterisk: manager action MailboxCount */
  mailboxCount(what: { mailbox: string }): Promise<MailboxCount>;
  /** Whether messages wait in a mailbox. @see Asterisk: manager action MailboxStatus */
  mailboxStatus(what: { mailbox: string }): Promise<boolean>;
  /** Asks whether Asterisk is there. @returns how long the answer took, in ms @see Asterisk: manager action Ping */
  ping(): Promise<number>;
}

/** As Asterisk numbers them; they are flags, of which only these meet. */
const states: Readonly<Record<string, ExtensionState['state']>> = {
  '-2': 'removed',
  '0': 'idle',
  '1': 'inUse',
  '2': 'busy',
  '4': 'unavailable',
  '8': 'ringing',
  '9': 'ringingInUse',
  '16': 'onHold',
  '17': 'inUseOnHold',
};

export function systemActions({ action, list, close }: ManagerClient): SystemActions {
  return {
    async command(command) {
      return (await action('Command', { Command: command })).output.join('\n');
    },
    async dbGet({ family, key }) {
      try {
        for await (const entry of list('DBGet', { Family: family, Key: key })) return entry.get('Val');
      } catch (error) {
        if (!(error instanceof ManagerError) || !/not found/i.test(error.reply ?? '')) throw error;
      }
      return undefined;
    },
    async extensionState({ extension, context }) {
      const response = await action('ExtensionState', { Exten: extension, Context: context });
      return { extension, context, hint: headerText(response, 'Hint'), state: states[response.get('Status') ?? ''] ?? 'unknown' };
    },
    async listCommands() {
      const { headers } = await action('ListCommands');
      const { Response: _response, ActionID: _id, ...commands } = headers;
      return commands as Record<string, string>;
    },
    logoff: () => close(),
    async mailboxCount({ mailbox }) {
      const response = await action('MailboxCount', { Mailbox: mailbox });
      return { urgent: countOf(response, 'UrgMessages'), fresh: countOf(response, 'NewMessages'), old: countOf(response, 'OldMessages') };
    },
    async mailboxStatus({ mailbox }) {
      return countOf(await action('MailboxStatus', { Mailbox: mailbox }), 'Waiting') > 0;
    },
    async ping() {
      const since = performance.now();
      await action('Ping');
      return performance.now() - since;
    },
  };
}

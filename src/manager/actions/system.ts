import { refusal } from '../failures';
import type { ClientParts } from '../client';
import { headerText } from '../wire/header-values';

/** What the phones of a hint are doing. */
export interface ExtensionState {
  readonly extension: string;
  readonly context: string;
  /** The devices behind it; undefined where the dialplan has no hint for it. */
  readonly hint: string | undefined;
  readonly state: 'idle' | 'inUse' | 'busy' | 'unavailable' | 'ringing' | 'ringingInUse' | 'onHold' | 'inUseOnHold' | 'removed' | 'unknown';
}

/** What a console command printed. */
export interface CommandResult {
  /** Its lines, separated by newlines. */
  readonly text: string;
  /** Whether Asterisk knows the command, and carried it out; a command that fails in its own way is not known to have failed. */
  readonly ok: boolean;
}

export interface SystemActions {
  /**
   * Runs a console command, and gives what it prints.
   * @throws ManagerError if the user may not run commands
   * @see Asterisk: manager action Command
   */
  command(command: string): Promise<CommandResult>;
  /** What the phones of an extension are doing. @see Asterisk: manager action ExtensionState */
  extensionState(what: { extension: string; context: string }): Promise<ExtensionState>;
  /** The actions that this Asterisk knows and the user may use, each with what it does. @see Asterisk: manager action ListCommands */
  listCommands(): Promise<Record<string, string>>;
  /** Logs off; the same as `close()`. @see Asterisk: manager action Logoff */
  logoff(): Promise<void>;
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

export function systemActions({ client: { action, close }, answer }: ClientParts): SystemActions {
  return {
    async command(command) {
      const response = await answer('Command', { Command: command });
      const output = response.all('Output');
      const error = refusal('Command', response);
      // What fails has lines of its own, unless it was not run at all.
      if (error && output.length === 0) throw error;
      return { text: output.join('\n'), ok: !error };
    },
    async extensionState({ extension, context }) {
      const response = await action('ExtensionState', { Exten: extension, Context: context });
      return { extension, context, hint: headerText(response, 'Hint'), state: states[response.get('Status') ?? ''] ?? 'unknown' };
    },
    async listCommands() {
      const { headers } = await action('ListCommands');
      const commands = headers.filter(([name]) => name !== 'Response' && name !== 'ActionID');
      return Object.fromEntries(commands.map(([name, text = '']) => [name, text]));
    },
    logoff: () => close(),
    async ping() {
      const since = performance.now();
      await action('Ping');
      return performance.now() - since;
    },
  };
}

import { substitute } from './substitution';

export interface AsteriskOptions {
  /** What `agi_version` says; it decides how long a line may be. */
  version?: string;
  variables?: Record<string, string>;
  /** Asterisk's database, by `family/key`. */
  database?: Record<string, string>;
  /** How long each sound plays, in ms; a sound that is not named is not there. */
  sounds?: Record<string, number>;
  /** Places of the dialplan, `context,extension,priority`, and what a subroutine there does with its arguments; `abnormal` where it ends without Return. */
  subroutines?: Record<string, (args: string[], channel: SimulatedChannel) => 'abnormal' | void>;
  /** Further applications: what each returns, or how long it runs in ms. */
  applications?: Record<string, (options: string, channel: SimulatedChannel) => number | { wait: number }>;
  /** Whether the channel carries text. */
  text?: string[];
  /** Whether a HANGUP notice is sent (AGISIGHUP). */
  notices?: boolean;
}

/** What Asterisk keeps of one call. */
export interface SimulatedChannel {
  readonly variables: Map<string, string>;
  readonly database: Map<string, string>;
  /** What the console shows. */
  readonly console: string[];
  /** Keys pressed that no command has read yet. */
  readonly keys: string[];
  readonly options: AsteriskOptions;
  state: number;
  callerId: { name: string; number: string };
  dead: boolean;
  /** A variable's or function's value; undefined where it is not set. */
  read(name: string): string | undefined;
  fill(template: string): string;
}

export function createChannelState(options: AsteriskOptions): SimulatedChannel {
  const variables = new Map(Object.entries(options.variables ?? {}));
  const database = new Map(Object.entries(options.database ?? {}));
  const channel: SimulatedChannel = {
    variables,
    database,
    console: [],
    keys: [],
    options,
    state: 4,
    callerId: { name: '', number: '' },
    dead: false,
    read(name) {
      const [, called, argument = ''] = /^(\w+)\((.*)\)$/s.exec(name) ?? [];
      return called === undefined ? variables.get(name) : callFunction(called, argument, channel);
    },
    fill: (template) => substitute(template, (name) => channel.read(name)),
  };
  return channel;
}

function callFunction(name: string, argument: string, { callerId, database }: SimulatedChannel): string | undefined {
  if (name === 'LEN') return String(argument.length);
  if (name === 'DB') return database.get(argument) ?? '';
  if (name !== 'CALLERID') return '';
  if (argument === 'num') return callerId.number;
  return argument === 'name' ? callerId.name : `"${callerId.name}" <${callerId.number}>`;
}

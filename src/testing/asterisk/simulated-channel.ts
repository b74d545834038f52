import type { Running } from './running';

export interface AsteriskOptions {
  /** What `agi_version` says (22.10.1). It decides how long a line may be, and what Asterisk 16 answers otherwise. */
  version?: string;
  /** The channel's own name (`PJSIP/100-00000001`). */
  channel?: string;
  /** Its unique id (`1700000000.1`). */
  uniqueId?: string;
  callerId?: CallerId;
  variables?: Record<string, string>;
  /** Further dialplan functions, by their names in capitals: what each gives for its argument. */
  functions?: Record<string, (argument: string) => string>;
  /** Asterisk's database, by `family/key`. */
  database?: Record<string, string>;
  /** How long each sound plays, in ms; a sound that is not named is not there. With `*` every sound is there, and plays for a second; a function gives how long each plays, undefined for one that is not there. */
  sounds?: Record<string, number> | '*' | ((file: string) => number | undefined);
  /** Labels that `SET PRIORITY` finds beside numbers. */
  labels?: readonly string[];
  /** Places of the dialplan, `context,extension,priority`, and what a subroutine there does with its arguments. */
  subroutines?: Record<string, Subroutine>;
  /** Further applications: what each does with its options. */
  applications?: Record<string, Application>;
  /** Whether the channel carries text. */
  text?: string[];
  /** Whether the caller has hung up already, as in the extension h. */
  dead?: boolean;
  /** Whether a HANGUP notice is sent (AGISIGHUP). */
  notices?: boolean;
  watcher?: CallWatcher;
}

/** Somebody who watches commands that need time. */
export interface CallWatcher {
  began(line: string, running: Running): void;
  ended(running: Running): void;
  /** A sound that is not there was to be played. */
  missing(file: string): void;
}

interface CallerId {
  name: string;
  number: string;
}

/** Nothing where it returns; `abnormal` where it ends without Return; or how long it runs, in ms. */
type Subroutine = (args: string[], channel: SimulatedChannel) => 'abnormal' | { wait: number } | void;

/** What it returns, or how long it runs, in ms; with `keys` any key ends it and is returned. */
export type Application = (options: string, channel: SimulatedChannel) => number | { wait: number; keys?: boolean };

/** What Asterisk keeps of one call. */
export interface SimulatedChannel {
  readonly name: string;
  readonly uniqueId: string;
  readonly variables: Map<string, string>;
  readonly database: Map<string, string>;
  /** What the console shows. */
  readonly console: string[];
  /** Keys pressed that no command has read yet. */
  readonly keys: string[];
  readonly options: AsteriskOptions;
  /** Where the dialplan goes on, as far as the call changed it. */
  readonly goesOnAt: { context?: string; extension?: string; priority?: string };
  /** 4 ringing, 6 up. */
  state: number;
  callerId: CallerId;
  dead: boolean;
  /** A variable's or function's value; undefined where it is not set. */
  read(name: string): string | undefined;
  write(name: string, value: string): void;
  fill(template: string): string;
}

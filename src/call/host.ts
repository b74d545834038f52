import type { Channel } from '../agi/channel';
import type { Settings } from '../config/settings';
import type { Log } from '../ground/log';
import type { ValueSource } from '../tape/values';
import type { Secrets } from '../ground/secrets';
import type { LocatedScript } from '../script/locate';
import type { AsteriskManager, Script } from './agi';
import type { FailedCall } from './mail/text';
import type { Received } from './receive-request';

/** A call's place in a process. */
export interface Host {
  readonly settings: Settings;
  /** Why the settings are only the defaults: then every call is refused. */
  readonly settingsError: unknown;
  /** A log whose lines begin with this label. */
  log(label: string): Log;
  /**
   * Makes sure that the script may run here, as whom it should.
   * @returns `elsewhere` if another process has the call now
   * @throws FastagiError to refuse it
   */
  admit(script: LocatedScript, received: Received): Promise<'here' | 'elsewhere'>;
  /** The script's function. Throws ScriptError, or rejects with it. */
  load(script: LocatedScript): Script | Promise<Script>;
  /** Runs what belongs to a call. What nobody caught in it, `process.exit`, and what it prints are the call's. */
  contain<T>(call: Contained, run: () => Promise<T>): Promise<T>;
  /** What is secret in a call, if its place knows that otherwise than from settings and request. */
  readonly secrets?: () => Secrets;
  /** Asterisk's manager for one call. */
  manager(log: Log): CallManager;
  /** Mails a failed call; not there if nobody is to be told. */
  readonly mail?: ((failed: FailedCall, log: Log) => Promise<void>) | undefined;
}

/** A call as its host sees it. */
export interface Contained {
  readonly channel: Channel;
  readonly log: Log;
  /** Its script's, as the request has it. */
  readonly name: string;
  /** What stands in each of its lines. */
  readonly label: string;
  /** What gives the script the time, and what is otherwise by chance, while it is recorded. */
  readonly values: ValueSource | undefined;
  /** Ends the script with this error. @returns whether it was not over yet */
  breakWith(error: unknown): boolean;
}

/** One call's manager, of which nothing is loaded before somebody asks for it. */
export interface CallManager {
  open(): Promise<AsteriskManager>;
  close(): Promise<void>;
}

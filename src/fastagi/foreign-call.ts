import type { Channel } from '../agi/channel';
import type { Log } from '../ground/log';
import type { Connection, Receiver } from './connection';

/** A call that a program in another language serves. */
export interface ForeignCall {
  readonly path: string;
  readonly args: readonly string[];
  /** What Asterisk sent first, without its empty line. */
  readonly environment: string;
  readonly connection: Connection;
  readonly channel: Channel;
  /** Who takes what Asterisk sends; the program while it runs. */
  readonly receiver: Receiver;
  readonly log: Log;
  /** Is told what the program sends. */
  readonly count: (bytes: string) => void;
  /** How long it may go on after the caller hung up, in s. */
  readonly grace: number;
  /** What is to be done when the call is over: a program may go on. */
  readonly afterwards: (task: () => Promise<void>) => void;
}

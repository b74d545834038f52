import type { Settings } from '../../config/settings';
import type { Identity } from '../process/identity';
import type { LocatedScript } from '../../script/locate';
import type { LogState } from '../process/log';

/** A call that a second start goes on with, under the identity of its script's owner. */
export interface HandedCall {
  readonly settings: Settings;
  /** When it began, in ms since 1970. */
  readonly begun: number;
  /** What Asterisk sent first, without its empty line, and what came behind it. */
  readonly environment: string;
  readonly rest: string;
  /** The address that a PROXY header named. */
  readonly proxied?: string | undefined;
  readonly script: LocatedScript;
  readonly identity: Identity;
  /** The connection's descriptors. */
  readonly input: number;
  readonly output: number;
  readonly log: LogState;
  /** The mailer's descriptors, where there is one. */
  readonly mailer?: { readonly input: number; readonly output: number };
}

import type { Connection } from './connection';
import type { Host } from './host';
import type { CallKind } from './kind';

/** One call from Asterisk, apart from the process that serves it. */
export interface Call {
  readonly kind: CallKind;
  readonly host: Host;
  readonly connection: Connection;
  /** When it began, in ms since 1970. */
  readonly begun: number;
  /** What is done when nobody waits any more. */
  readonly afterwards: (() => Promise<void>)[];
}

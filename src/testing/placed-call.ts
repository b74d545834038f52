import type { CallStatus } from '../ground/errors';
import { FastagiError } from '../ground/errors';

/** What a call came to. */
export interface PlacedCall {
  /** As the dialplan reads it in FASTAGISTATUS. */
  readonly status: CallStatus;
  /** What the script threw, if it did. */
  readonly error: unknown;
  /** Each line that Asterisk was sent, in order, its report included. */
  readonly commands: readonly string[];
  /** The channel's variables, FASTAGISTATUS among them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Asterisk's database, by `family/key`. */
  readonly database: Readonly<Record<string, string>>;
  /** What the caller heard, in order: sounds' files, and what was said, `digits 123`. */
  readonly heard: readonly string[];
  /** What the console showed. */
  readonly console: readonly string[];
  /** Where the dialplan goes on, as far as the call changed it. */
  readonly goesOnAt: { readonly context?: string; readonly extension?: string; readonly priority?: string };
  /** The longest time in ms in which an answered caller heard nothing and was not listened to. */
  readonly longestSilence: number;
  /** All that happened, for people. */
  readonly ladder: string;
}

/** The call went otherwise than its test says: a key was not wanted, a prompt never heard, or is not there. */
export class CallTestError extends FastagiError {
  readonly call: PlacedCall;
  /** A recording of the call, for `fastagi replay`. */
  readonly cassette: string | undefined;

  constructor(problems: readonly string[], call: PlacedCall, cassette: string | undefined) {
    super('FASTAGI_TEST_CALL', `${problems.join('; ')}\n\n${call.ladder}${keptText(cassette)}`);
    this.call = call;
    this.cassette = cassette;
  }
}

/** Where a call that failed is kept. */
export function keptText(cassette: string | undefined): string {
  return cassette === undefined ? '' : `\n\nThe call is kept: fastagi replay ${cassette} --script FILE`;
}

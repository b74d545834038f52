/** What went over a wire in one piece, in one direction. */
interface Passed {
  /** `>` to Asterisk, `<` from it. */
  readonly direction: '>' | '<';
  /** A character a byte; pieces need not end where lines do. */
  readonly bytes: string;
}

/** Somebody who watches a wire. */
export interface Tap {
  passed(piece: Passed): void;
}

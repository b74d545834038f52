/** What went over a wire in one piece, in one direction. */
interface Passed {
  /** `>` to Asterisk, `<` from it. */
  readonly direction: '>' | '<';
  /** A character a byte; pieces need not end where lines do. */
  readonly bytes: string;
  /** Whether what the command writes, or its reply, is secret. */
  readonly isSecret: boolean;
}

/** Somebody who watches a wire. */
export interface Tap {
  passed(piece: Passed): void;
  /** Nothing more will come from Asterisk. @param isGivenBack whether the dialplan goes on with the caller */
  ended?(isGivenBack?: boolean): void;
  /** Something that Asterisk sent cannot be had. */
  lost?(): void;
}

/** A header as Asterisk wrote it. */
export type RawHeader = readonly [name: string, value: string];

/** A header as the program that reads it wants it: without escapes, and undefined where Asterisk writes `<unknown>`. */
export type Header = readonly [name: string, value: string | undefined];

/** What a worker's observer says to the master, which asks it by a line, of any words, on a descriptor of its own. */
export interface Where {
  /** Whose code it is: the label of a call; undefined if it is no call's, or cannot be told. */
  readonly call: string | undefined;
  /** The functions, the innermost first; empty if nobody could look, as while a program is waited for. */
  readonly frames: readonly string[];
}

/** The worker itself asks which files it has loaded. */
export interface AskedForFiles {
  readonly id: number;
}

export interface Files extends AskedForFiles {
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** By the symbol of this name a worker says whose code runs at this moment. */
export const whoseName = 'fastagi.whose';

/** A time in which the caller heard nothing, and nobody listened to him, in ms. */
export interface Silence {
  readonly from: number;
  readonly to: number;
}

/** Counts how long callers hear nothing. */
export interface SilenceWatch {
  /** The call is answered: from now on silence is silence. */
  answered(at: number): void;
  /** Something is heard, or somebody listens. */
  began(at: number): void;
  ended(at: number): void;
  all(): readonly Silence[];
}

export function createSilenceWatch(): SilenceWatch {
  const silences: Silence[] = [];
  let since: number | undefined;
  return {
    answered(at) {
      since ??= at;
    },
    began(at) {
      if (since !== undefined && at > since) silences.push({ from: since, to: at });
    },
    ended(at) {
      if (since !== undefined) since = at;
    },
    all: () => silences,
  };
}

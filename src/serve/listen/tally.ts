/** What a worker has counted since it last told. */
export interface Stats {
  /** Calls that ended, by script and FASTAGISTATUS, as `script\0STATUS`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that were refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface Tally {
  ended(script: string, status: string): void;
  refused(reason: string): void;
  /** What was counted since the last time; undefined if nothing was. */
  take(): Stats | undefined;
}

export function createTally(): Tally {
  let calls = new Map<string, number>();
  let refused = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    ended: (script, status) => add(calls, `${script}\0${status}`),
    refused: (reason) => add(refused, reason),
    take() {
      if (calls.size === 0 && refused.size === 0) return undefined;
      const stats = { calls: Object.fromEntries(calls), refused: Object.fromEntries(refused) };
      [calls, refused] = [new Map(), new Map()];
      return stats;
    },
  };
}

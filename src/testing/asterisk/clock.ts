/** Time, so that a test can make it pass. */
export interface Clock {
  now(): number;
  /** Calls back after so many ms; gives what takes it back. */
  after(ms: number, callback: () => void): () => void;
}

export const realClock: Clock = fasterClock(1);

/** So many times as fast as ours. */
export function fasterClock(factor: number): Clock {
  return {
    now: () => performance.now() * factor,
    after(ms, callback) {
      const timer = setTimeout(callback, ms / factor);
      return () => clearTimeout(timer);
    },
  };
}

/** A time of its own, which stands still until somebody makes it pass. */
export interface VirtualClock extends Clock {
  pass(ms: number): void;
  /** Goes on to what is due next. @returns whether anything is due then */
  skip(): boolean;
}

export function virtualClock(): VirtualClock {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const runNext = (until: number): boolean => {
    const [next] = [...timers].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
    if (!next) return false;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.callback();
    return true;
  };
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(ms) {
      const until = now + ms;
      while (runNext(until));
      now = until;
    },
    skip() {
      runNext(Infinity);
      return timers.size > 0;
    },
  };
}

/** A time that passes by itself, as fast as it can: whenever nothing else is to be done. */
export function hurriedClock(): Clock {
  const clock = virtualClock();
  let isRunning = false;
  const run = (): void => {
    isRunning = clock.skip();
    if (isRunning) setImmediate(run);
  };
  return {
    now: clock.now,
    after(ms, callback) {
      const stop = clock.after(ms, callback);
      if (!isRunning) setImmediate(run);
      isRunning = true;
      return stop;
    },
  };
}

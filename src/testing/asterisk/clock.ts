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
  /** When the next callback is due, if one is. */
  readonly due: number | undefined;
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
    get due() {
      return timers.size > 0 ? Math.min(...[...timers].map(({ at }) => at)) : undefined;
    },
  };
}

/** A time that passes by itself. */
export interface PacedClock extends Clock {
  /** While the script works, time passes as it does for everybody; while it waits, as fast as it can. */
  scriptIs(what: 'working' | 'waiting'): void;
}

/** The script's own work takes the time that it takes; whatever it waits for takes none. */
export function hurriedClock(): PacedClock {
  const clock = virtualClock();
  /** When the script began to work, as far as that is not counted yet. */
  let since: number | undefined;
  let hurry: NodeJS.Immediate | undefined;
  let alarm: NodeJS.Timeout | undefined;

  const worked = (): number => (since === undefined ? 0 : performance.now() - since);

  const goOn = (): void => {
    clearImmediate(hurry);
    clearTimeout(alarm);
    const { due } = clock;
    if (due === undefined) return;
    if (since === undefined) hurry = setImmediate(skip);
    else alarm = setTimeout(count, Math.max(0, due - clock.now() - worked()));
  };

  const skip = (): void => {
    clock.skip();
    goOn();
  };

  const count = (): void => {
    const passed = worked();
    if (since !== undefined) since += passed;
    clock.pass(passed);
    goOn();
  };

  return {
    now: () => clock.now() + worked(),
    after(ms, callback) {
      const stop = clock.after(ms + worked(), callback);
      goOn();
      return stop;
    },
    scriptIs(what) {
      if ((what === 'working') === (since !== undefined)) return;
      const passed = worked();
      since = what === 'working' ? performance.now() : undefined;
      clock.pass(passed);
      goOn();
    },
  };
}

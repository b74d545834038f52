/** So long Asterisk may take for a command that answers at once, in ms. */
export const longestAnswer = 60_000;

export interface Deadline {
  /** From now on the time runs. */
  begin(): void;
  /** The answer is here, or may take its time. */
  end(): void;
  /** Nothing is awaited any more: a process with many calls must not keep this one until the time is over. */
  stop(): void;
}

/** One timer for all commands of a channel: making one for each would cost more than most answers take, and so would a clock. */
export function createDeadline(missed: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let isAwaited = false;
  return {
    begin() {
      isAwaited = true;
      timer = timer?.refresh() ?? setTimeout(miss, longestAnswer).unref();
    },
    end() {
      isAwaited = false;
    },
    stop() {
      isAwaited = false;
      clearTimeout(timer);
    },
  };

  function miss(): void {
    timer = undefined;
    if (isAwaited) missed();
  }
}

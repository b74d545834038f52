/** So long Asterisk may take for a command that answers at once, in ms. */
export const longestAnswer = 60_000;

export interface Deadline {
  /** From now on the time runs. */
  begin(): void;
  /** The answer is here, or may take its time. */
  end(): void;
}

/** One timer for all commands of a channel: making one for each would cost more than most answers take. */
export function createDeadline(missed: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  /** When the time began to run, in ms. */
  let since: number | undefined;

  const watch = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (since === undefined) return;
      const left = since + longestAnswer - performance.now();
      if (left > 0) watch(left);
      else missed();
    }, ms).unref();
  };

  return {
    begin() {
      since = performance.now();
      watch(longestAnswer);
    },
    end() {
      since = undefined;
    },
  };
}

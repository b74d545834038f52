/** Errors that cost nothing are given later and later, so that a script that asks again and again does not starve everything else. */
export interface Refusals {
  /** Calls back after a turn of the event loop, and after a while if there were many in a row. */
  delay(tell: () => void): void;
  /** Something was not refused. */
  end(): void;
}

/** So many in a row are only a turn of the event loop apart. */
const mostAtOnce = 10;
/** In ms. */
const longestWait = 1000;

export function createRefusals(): Refusals {
  let inARow = 0;
  return {
    delay(tell) {
      inARow += 1;
      if (inARow <= mostAtOnce) setImmediate(tell);
      else setTimeout(tell, Math.min(longestWait, 2 ** (inARow - mostAtOnce)));
    },
    end() {
      inARow = 0;
    },
  };
}

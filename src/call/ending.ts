import { HangupError } from '../ground/errors';
import type { Log } from '../ground/log';

/** What can end a script besides its own end. */
export interface Ending {
  /** Rejects with what the script threw or rejected without anybody waiting, or when its time is over. */
  readonly broken: Promise<never>;
  /** Ends the script with this error. @returns whether it was not over yet */
  breakWith(error: unknown): boolean;
  /** Ends a script that goes on without its caller, when its grace is over. @param after what it goes on after; the first time counts */
  limit(after: string): void;
  /** The script is over. */
  stop(): void;
}

/** @param grace how long a script may go on without its caller, in s */
export function createEnding(grace: number, log: Log): Ending {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let reject: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  broken.catch(() => undefined);
  return {
    broken,
    breakWith(error) {
      reject(error);
      return !isOver;
    },
    limit(after) {
      // The connection ends behind the script; a timer would keep the call that long in a process that serves many.
      if (isOver) return;
      timer ??= setTimeout(() => {
        if (isOver) return;
        log.warn(`the script had not ended ${grace} s after ${after}, and was ended (hangup_grace)`);
        reject(new HangupError(`the script did not end within ${grace} s`));
      }, grace * 1000).unref();
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

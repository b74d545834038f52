import { CommandError, HangupError } from '../ground/errors';
import type { Log } from '../ground/log';
import type { PlaybackCommands } from './commands/playback';

export interface PlayWhile {
  /**
   * Plays a file over and over until the promise settles, stops it in the middle, and gives the promise's value or error.
   * Nothing is played for a promise that has settled. A file that cannot be played is logged, and the promise is awaited in silence.
   * @throws HangupError as soon as the caller hangs up
   * @example
   * const answer = await fastagi.playWhile(fetch('https://example.org/'), 'please-wait');
   */
  playWhile<T>(promise: PromiseLike<T>, file: string): Promise<T>;
}

export type Player = Pick<PlaybackCommands, 'streamFile'> & { readonly log: Log };

export function playWhileOn(agi: Player): PlayWhile {
  return {
    async playWhile<T>(promise: PromiseLike<T>, file: string): Promise<T> {
      const settled = new AbortController();
      const outcome = Promise.resolve(promise);
      const stop = (): void => settled.abort();
      outcome.then(stop, stop);
      // What has settled already says so within a few turns: nothing is played then.
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      try {
        while (!settled.signal.aborted) {
          const started = performance.now();
          await agi.streamFile(file, '', 0, { signal: settled.signal });
          // A file of no length would be played in a tight loop.
          if (performance.now() - started < 20) await pause(200, settled.signal);
        }
      } catch (error) {
        if (error instanceof HangupError) throw error;
        if (!settled.signal.aborted && !(error instanceof CommandError)) throw error;
        if (error instanceof CommandError) agi.log.warn(`playWhile: ${file} cannot be played: ${error.message}`);
      }
      return outcome;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

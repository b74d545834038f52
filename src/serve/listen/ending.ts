import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../config/settings';
import type { Pool } from './pool';
import type { Porter } from './porter';
import type { Scoreboard } from './scoreboard';
import type { ServiceLog } from '../process/service-log';

/** So long calls may take to end once they are hung up, in ms, before their workers are ended. */
const grace = 5000;
/** In ms: so long a call may wait at a socket that somebody else keeps, for whoever serves it next, before it is refused. */
const longestWait = 1000;

/** In ms: so long whoever balances has to see that the service is not ready any more, before it takes no calls. */
const noticed = 2000;

/**
 * Has all calls end: they may go on for `drain` seconds, then they are hung up, those that wait for an application are let go, and what is
 * left is ended with its worker.
 * @param isWatched whether somebody asks whether the service is ready: HAProxy, say. Calls that it sends until it knows are served
 */
export async function drain(pool: Pool, porter: Porter, { fastagi }: Settings, log: ServiceLog, isWatched: boolean): Promise<void> {
  if (isWatched) await sleep(noticed);
  const over = pool.retire();
  if (porter.isOwn) void porter.close();
  const timers = [
    setTimeout(() => porter.refuse('draining'), longestWait),
    setTimeout(() => {
      log.warn(`calls were still going on after ${fastagi.drain} s, and are hung up (drain)`);
      for (const worker of pool.workers) worker.send({ kind: 'hangUp' });
    }, fastagi.drain * 1000),
    setTimeout(() => endAll(pool), fastagi.drain * 1000 + grace),
  ];
  await over;
  for (const timer of timers) clearTimeout(timer);
}

export function endAll(pool: Pool): void {
  for (const worker of pool.workers) worker.kill();
}

interface Idle {
  readonly pool: Pool;
  readonly board: Scoreboard;
  readonly log: ServiceLog;
  /** `idle_exit`, at this moment; 0: never. */
  seconds(): number;
  isEnding(): boolean;
  /** All workers are gone, and nobody has called. */
  resolve(): void;
}

/** In ms: how often it is looked whether somebody calls. */
const pause = 250;
/** In ms: a worker without a call ends within that time. */
const longestEnd = 500;

/**
 * Gives the socket back to whoever handed it over when nobody has called for `idle_exit` seconds. A call that comes in that very moment is served by the
 * worker that took it, or by the next start: it waits in the kernel.
 */
export function watchIdle({ pool, board, log, seconds, isEnding, resolve }: Idle): void {
  let lastCall = Date.now();
  const timer = setInterval(() => {
    if (isEnding()) return clearInterval(timer);
    const now = Date.now();
    if (board.headers().some(({ beat, active }) => beat > 0 || active > 0)) lastCall = now;
    if (seconds() === 0 || now - lastCall < 1000 * seconds()) return;
    lastCall = now;
    void giveBack();
  }, pause);

  const giveBack = async (): Promise<void> => {
    const isEmpty = await Promise.race([pool.retire().then(() => true), sleep(longestEnd, false)]);
    if (isEnding()) return;
    if (isEmpty) {
      clearInterval(timer);
      log.info(`nobody called for ${seconds()} s: gives the socket back (idle_exit)`);
      resolve();
    } else {
      log.info('somebody called as the socket was to be given back: goes on');
      pool.resume();
    }
  };
}

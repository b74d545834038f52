import type { Settings } from '../../config/settings';
import type { Pool } from './pool';
import type { ServiceLog } from './service-log';

/** So long calls may take to end once they are hung up, in ms, before their workers are ended. */
const grace = 5000;

/**
 * Has all calls end: they may go on for `drain` seconds, then they are hung up, those that wait for an application are let go, and what is
 * left is ended with its worker.
 */
export async function drain(pool: Pool, { fastagi }: Settings, log: ServiceLog): Promise<void> {
  const over = pool.retire();
  const timers = [
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

import { readFileSync } from 'node:fs';
import type { Settings } from '../../config/settings';
import type { Wear } from './messages';

/** A worker that has served long enough. */
export interface WearWatch {
  /** A call is over. @returns why the worker is to be replaced, once */
  served(): Wear | undefined;
}

/** In ms: memory is looked at no oftener. */
const pause = 1000;
const pageSize = 4096;
const megabyte = 1_048_576;

/** By `worker_calls` and `worker_memory`. */
export function createWearWatch({ fastagi: { workerCalls, workerMemory } }: Pick<Settings, 'fastagi'>): WearWatch {
  let calls = 0;
  let looked = Date.now();
  let isTold = false;

  const found = (): Wear | undefined => {
    if (workerCalls > 0 && calls >= workerCalls) return 'calls';
    const now = Date.now();
    if (workerMemory === 0 || now - looked < pause) return undefined;
    looked = now;
    return ownMemory() > workerMemory * megabyte ? 'memory' : undefined;
  };

  return {
    served() {
      calls += 1;
      const why = isTold ? undefined : found();
      if (why) isTold = true;
      return why;
    },
  };
}

/** What no other process shares, in bytes. @see proc_pid_statm(5) */
export function ownMemory(): number {
  const [, resident = '0', shared = '0'] = readFileSync('/proc/self/statm', 'latin1').split(' ');
  return (Number(resident) - Number(shared)) * pageSize;
}

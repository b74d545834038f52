import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

// Each look may come after the process's end, also between two system calls of one look: what cannot be read is not there.

/** Whether a process runs; one that has ended and that nobody has waited for (a zombie) does not. */
export function isRunning(pid: number): boolean {
  const state = /^State:\s+(\S)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return state !== undefined && state !== 'Z';
}

/** The processes that a process has started, and that run. */
export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

/** What the descriptors of a process lead to, such as `socket:[4711]`. */
export function descriptorsOf(pid: number): string[] {
  return attempt(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`), ''));
}

const read = (file: string): string => attempt(() => readFileSync(file, 'latin1'), '');

function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

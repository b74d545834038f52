import type { ChildProcess } from 'node:child_process';

/** What became of a program. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Signals a program that was started `detached`, and so leads a group of its own, with all that it started: a shell alone would leave
 * what it runs. Nothing happens if all of it has ended.
 */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Settles when the program itself has ended, whoever still holds copies of its descriptors.
 * Rejects where it could not be started.
 */
export function programEnd(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

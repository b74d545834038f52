import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { onSignals } from './events';

/** Lets a second start have the signals that come to this process, and gives its exit status. */
export function standIn(child: ChildProcess): Promise<number> {
  onSignals(['SIGHUP', 'SIGTERM', 'SIGINT'], (signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { ownCommand } from '../../ground/own-command';
import { onSignals } from './events';
import type { Identity } from './identity';
import { setprivCommand } from './setpriv';

/** The command line that runs this program once more, as it was called, under another identity. Throws IdentityError. */
export function secondCommand(identity: Identity): string[] {
  return [...setprivCommand(identity), ...ownCommand(), ...process.argv.slice(2)];
}

/** Lets a second start have the signals that come to this process, and gives its exit status. */
export function standIn(child: ChildProcess): Promise<number> {
  onSignals(['SIGHUP', 'SIGTERM', 'SIGINT'], (signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { ConfigError } from '../ground/errors';

/**
 * Has a file of the package written beside its place, and gives it its name when it is on the disk. Throws ConfigError where that fails.
 * @param write makes a new file at the path that it is given
 * @param command what has to be run as somebody who may
 */
export function putWhole(target: string, write: (beside: string) => void, command: string): void {
  const beside = `${target}.${process.pid}`;
  try {
    write(beside);
    const file = openSync(beside, 'r');
    fsyncSync(file);
    closeSync(file);
    renameSync(beside, target);
  } catch (cause) {
    const message = `${target} cannot be written: ${(cause as Error).message}; prepare the start as the user who installed fastagi: sudo ${command}`;
    throw new ConfigError('FASTAGI_PREPARE', message, { cause });
  } finally {
    rmSync(beside, { force: true });
  }
}

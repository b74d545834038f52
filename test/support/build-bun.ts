import { execFileSync } from 'node:child_process';
import { isBun, nodeProgram } from './super-server';
import { bun } from './cache';

/** Before all tests: the program that Bun runs, if that is what is tested. */
export function setup(): void {
  if (isBun) execFileSync(process.execPath, [nodeProgram, 'prepare', '--bun', bun]);
}

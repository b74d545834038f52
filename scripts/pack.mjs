// The package as npm packs it. What was built is in it, as it lies there.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Gives its file. @param directory where it goes */
export function packInto(directory) {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  return join(directory, execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim());
}

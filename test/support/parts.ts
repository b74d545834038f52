import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';

/** Whether a program is installed. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const isRoot = process.getuid?.() === 0;

/** A suite that needs real parts: where one is missing it is skipped and says so; in CI it fails. */
export function describeWith(parts: Record<string, boolean>, name: string, suite: () => void): void {
  const missing = Object.entries(parts)
    .filter(([, there]) => !there)
    .map(([part]) => part);
  if (missing.length === 0) return void describe(name, suite);
  const why = `${name} (needs ${missing.join(', ')})`;
  if (process.env['CI'] !== 'true') return void describe.skip(why, suite);
  describe(why, () => {
    throw new Error(`missing in CI: ${missing.join(', ')}`);
  });
}

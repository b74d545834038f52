import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { describe, test } from 'vitest';

const found = (program: string) => (process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(`${directory}/${program}`));

/** Why this machine cannot run a real Asterisk, undefined where it can. */
function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'a real Asterisk needs root, for its namespaces and its chroot';
  if (!existsSync('/etc/debian_version')) return 'a real Asterisk is built from Debian packages, and this is no Debian';
  const programs = ['unshare', 'setpriv', 'flock', 'chroot'].filter((program) => !found(program));
  return programs.length > 0 ? `not installed: ${programs.join(', ')}` : undefined;
}

/** A `describe` that is skipped, with the reason in its name, where there can be no Asterisk; in CI that is a failure. */
export function describeWithAsterisk(name: string, tests: () => void): void {
  const missing = whatIsMissing();
  if (missing === undefined) describe(name, tests);
  else if (process.env['CI'] === 'true')
    test(name, () => {
      throw new Error(missing);
    });
  else test.skip(`${name} (skipped: ${missing})`);
}

/** Like `describeWithAsterisk`, for tests that need xinetd too. */
export function describeWithXinetd(name: string, tests: () => void): void {
  if (found('xinetd')) describeWithAsterisk(name, tests);
  else if (process.env['CI'] === 'true')
    test(name, () => {
      throw new Error('not installed: xinetd');
    });
  else test.skip(`${name} (skipped: not installed: xinetd)`);
}

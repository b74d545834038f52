import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { project } from '../support/super-server';

/** With a PATH on which there is next to nothing, and no root. */
function announced(environment: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-prepare-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  symlinkSync(process.execPath, join(dir, 'node'));
  const program = `process.getuid = () => ${environment['UID'] ?? 0}; const { announce } = await import('./scripts/prepare.mjs'); announce('test');`;
  const env = { PATH: dir, FASTAGI_TEST_CACHE: join(dir, 'cache'), ...environment };
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: project, env, encoding: 'utf8' }).stderr;
}

it.runIf(existsSync('/usr/bin/apt-get'))('says what `npm test` will install before it does, and how to skip it', () => {
  expect(announced({})).toMatch(
    /^Fetched into .*\/cache, once: inetd, trixie, jest, bun, node-12, .*\nThese Debian packages will be installed: .*python3-aiosmtpd.*libasterisk-agi-perl\. FASTAGI_TEST_INSTALL=no skips them, and the tests that need them\.\n$/,
  );
});

it('says what is skipped', () => {
  expect(announced({ FASTAGI_TEST_INSTALL: 'no' })).toMatch(/^Fetched .*\nNot installed: .* are skipped \(FASTAGI_TEST_INSTALL=no\)\.\n$/);
  expect(announced({ UID: '1000' })).toMatch(/Not installed: .* are skipped; as root on Debian they are installed\.\n$/);
});

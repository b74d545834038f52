import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPackage, ownCall } from '../support/own-package';
import { isRoot } from '../support/parts';

let dir: string;
let basedir: string;
/** A package of its own, so that no other test meets what is done to it. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-start-test-'));
  basedir = join(dir, 'agi-bin');
  mkdirSync(basedir);
  copyPackage(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const caches = () => readdirSync(join(dir, 'dist')).filter((name) => name.startsWith('start-'));
const plainCache = () => join(dir, `dist/start-call-${process.version}-${process.arch}.cache`);
const prepare = () => spawnSync(process.execPath, [join(dir, 'bin/fastagi'), 'prepare'], { encoding: 'utf8' });

function check(flags: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, join(dir, 'bin/fastagi'), 'check', '--basedir', basedir], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toContain(`Scripts below ${basedir}: 0`);
  return {
    status,
    isPrepared: !stdout.includes(`not prepared for Node ${process.version}, and takes some ms longer; prepare it: fastagi prepare`),
  };
}

describe('fastagi prepare', () => {
  it('keeps the start for the flags that the service file may have, says so, and calls take it', () => {
    const { status, stdout, stderr } = prepare();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^The start of calls is prepared for Node \S+: .*\.cache$/gm)).toHaveLength(4);
    expect(caches()).toHaveLength(4);
    expect(check().isPrepared).toBe(true);
    expect(check(['--no-rehash-snapshot']).isPrepared).toBe(true);
  });

  it('is not needed: calls do without what it keeps, or with other flags', () => {
    expect(check().isPrepared).toBe(false);
    prepare();
    expect(check(['--stack-size=900']).isPrepared).toBe(false);
  });

  it.each([
    ['newer', 5000],
    ['older', -500_000],
  ])('what it kept is not taken for another program, be it as long and %s', (_what, age) => {
    prepare();
    const program = join(dir, 'dist/call.js');
    writeFileSync(program, readFileSync(program, 'utf8').replace('the caller hung up', 'THE caller hung up'));
    utimesSync(program, new Date(), new Date(Date.now() + age));
    expect(check().isPrepared).toBe(false);
  });

  it.each([0, 10, 100, 50_000])('what it kept is not taken where only %i bytes of it are left', (length) => {
    prepare();
    truncateSync(plainCache(), length);
    expect(check().isPrepared).toBe(false);
  });

  it('what it kept is not taken where it is damaged: flipped bits, a page of zeros, zeros to the end', () => {
    prepare();
    const whole = readFileSync(plainCache());
    const damaged = (damage: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(whole);
      damage(bytes);
      writeFileSync(plainCache(), bytes);
      expect(check()).toEqual({ status: 0, isPrepared: false });
    };
    for (let at = 7; at < whole.length; at += Math.floor(whole.length / 12)) damaged((bytes) => (bytes[at] = (bytes[at] ?? 0) ^ 1));
    for (const from of [0, 4096, whole.length - 8192]) damaged((bytes) => bytes.fill(0, from, from + 4096));
    damaged((bytes) => bytes.fill(0, 8192));
    damaged((bytes) => bytes.fill(0));
  }, 60_000);

  it.each(['flipped', 'cut', 'gone'])('of what a call loads later nothing is taken either if it is damaged: %s', async (damage) => {
    prepare();
    for (const name of caches().filter((kept) => kept.startsWith('start-later-'))) {
      const path = join(dir, 'dist', name);
      const bytes = readFileSync(path);
      if (damage === 'flipped') writeFileSync(path, bytes.fill(255, 100, 2000));
      else if (damage === 'cut') truncateSync(path, 1000);
      else rmSync(path);
    }
    writeFileSync(join(basedir, 'later.cjs'), "module.exports = (agi) => agi.streamFile('beep');\n");
    writeFileSync(join(dir, 'conf'), `[fastagi]\nsetuid = false\nbasedir = ${basedir}\nlog = ${dir}/log\n`);
    const { variables } = await ownCall([process.execPath, join(dir, 'bin/fastagi'), '--config', join(dir, 'conf')], {
      script: 'later.cjs',
    });
    expect(variables.get('FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('makes its call in a directory that nobody else can enter, as the user who prepares', async () => {
    const temporary = join(dir, 'tmp');
    mkdirSync(temporary);
    const child = spawn(process.execPath, [join(dir, 'bin/fastagi'), 'prepare'], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const seen: string[] = [];
    const files = new Set<number>();
    while (child.exitCode === null && child.signalCode === null) {
      for (const name of readdirSync(temporary)) {
        try {
          seen.push((statSync(join(temporary, name)).mode & 0o777).toString(8));
          for (const file of readdirSync(join(temporary, name))) files.add(statSync(join(temporary, name, file)).uid);
        } catch {
          // It was just removed.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await ended).toEqual([0, null]);
    expect([...new Set(seen)]).toEqual(['700']);
    expect([...files]).toEqual([process.geteuid?.()]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('says what went wrong, and leaves nothing half made', () => {
    const program = join(dir, 'dist/call.js');
    writeFileSync(program, `${readFileSync(program, 'utf8')}\nif (process.env.FASTAGI_KEEP_START) process.exit(7);`);
    const { status, stderr } = prepare();
    expect(status).toBe(111);
    expect(stderr).toMatch(/^fastagi: the start could not be prepared, and calls begin some ms later: .*status/);
    expect(caches()).toEqual([]);
  });

  it.runIf(isRoot)('names the command for a user who may not write there', () => {
    for (const path of [dir, join(dir, 'dist')]) chmodSync(path, 0o755);
    const { status, stderr } = spawnSync(process.execPath, [join(dir, 'bin/fastagi'), 'prepare'], {
      encoding: 'utf8',
      uid: 65_534,
      gid: 65_534,
    });
    expect(status).toBe(100);
    expect(stderr).toMatch(/start-.*\.cache cannot be written: EACCES.*sudo fastagi prepare\n$/);
  });
});

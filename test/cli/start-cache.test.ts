import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../support/super-server';

let dir: string;
let basedir: string;
/** A package of its own, so that no other test meets what is done to it. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-start-test-'));
  basedir = join(dir, 'agi-bin');
  mkdirSync(basedir);
  for (const name of ['bin', 'dist', 'scripts', 'package.json']) cpSync(join(project, name), join(dir, name), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(dir, 'node_modules'));
  for (const name of caches()) rmSync(join(dir, 'dist', name));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const caches = () => readdirSync(join(dir, 'dist')).filter((name) => name.endsWith('.cache'));
const plainCache = () => join(dir, `dist/start-${process.version}-${process.arch}.cache`);
const prepare = () => spawnSync(process.execPath, ['scripts/start-cache.mjs'], { cwd: dir, encoding: 'utf8' });

function check(flags: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, join(dir, 'bin/fastagi'), 'check', '--basedir', basedir], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toContain(`Scripts below ${basedir}: 0`);
  return { status, isPrepared: !stdout.includes(`not prepared for Node ${process.version}`) };
}

describe('the cache of the start', () => {
  it('is made for the flags that the service file may have, and taken', () => {
    expect(prepare()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(caches()).toHaveLength(2);
    expect(check().isPrepared).toBe(true);
    expect(check(['--no-rehash-snapshot']).isPrepared).toBe(true);
  });

  it('is done without where there is none, or none for these flags', () => {
    expect(check().isPrepared).toBe(false);
    prepare();
    expect(check(['--stack-size=900']).isPrepared).toBe(false);
  });

  it('is not taken where the program is newer, though it be as long', () => {
    prepare();
    const program = join(dir, 'dist/call.js');
    writeFileSync(program, readFileSync(program, 'utf8').replace('is no directory', 'IS no directory'));
    utimesSync(program, new Date(), new Date(Date.now() + 5000));
    expect(check().isPrepared).toBe(false);
  });

  it.each([0, 10, 100, 50_000])('is not taken where only %i bytes of it are left', (length) => {
    prepare();
    truncateSync(plainCache(), length);
    expect(check().isPrepared).toBe(false);
  });

  it('leaves no half-made file where it cannot be made, and installs all the same', () => {
    writeFileSync(join(dir, 'dist/call.js'), 'exports.main = () => process.exit(1)');
    const { status, stderr } = prepare();
    expect(status).toBe(0);
    expect(stderr).toMatch(/could not be prepared.*status 1/);
    expect(readdirSync(join(dir, 'dist')).filter((name) => name.includes('start-'))).toEqual([]);
  });

  it('is nothing that an installation from source stumbles over', () => {
    rmSync(join(dir, 'dist'), { recursive: true });
    expect(prepare()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});

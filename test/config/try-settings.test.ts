import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultSettings } from '../../src/config/read-settings';
import { lookAtFile, trySettings } from '../../src/config/try-settings';
import { describeWith, isRoot } from '../support/parts';

const alice = 61_001;
let dir: string;
let config: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'fastagi-try-')));
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, 'etc'), { mode: 0o755 });
  config = join(dir, 'etc/phpagi.conf');
  writeFileSync(config, '[fastagi]\nbasedir = /x\n[asmanager]\nsecret = hunter2\n');
  chmodSync(config, 0o644);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('a file that can be read gives its settings', () => {
  expect(trySettings({ config, debug: true })).toMatchObject({
    settings: { fastagi: { basedir: '/x' }, asmanager: { secret: 'hunter2' }, phpagi: { debug: true } },
    settingsError: undefined,
    master: 'root',
    settingsFile: undefined,
  });
});

it.each([
  ['is not there', () => rmSync(config), 'FASTAGI_CONFIG_UNREADABLE'],
  ['makes no sense', () => writeFileSync(config, 'nonsense'), 'FASTAGI_CONFIG_MALFORMED'],
])('a file that %s gives the defaults, what the command line says, and why', (_what, change, code) => {
  change();
  expect(trySettings({ config, basedir: '/y' })).toEqual({
    settings: defaultSettings({ basedir: '/y' }),
    settingsError: expect.objectContaining({ code }) as unknown,
    master: 'root',
    settingsFile: undefined,
  });
});

it('a way that cannot be gone is no file that is missing', () => {
  const { settingsError } = trySettings({ config: join(config, 'below') });
  expect(settingsError).toMatchObject({ message: expect.stringContaining('ENOTDIR') as string });
});

describeWith({ root: isRoot }, 'who may write and read the configuration', () => {
  it.each([
    ['everybody reads', () => undefined, 'root', false],
    ['not everybody reads', () => chmodSync(config, 0o640), 'root', true],
    ['lies behind a closed directory', () => chmodSync(join(dir, 'etc'), 0o750), 'root', true],
    ['is a user of its own', () => chownSync(config, alice, alice), alice, false],
    ['is secret, and of a user', () => (chownSync(config, alice, alice), chmodSync(config, 0o600)), alice, true],
    ['is not there', () => rmSync(config), 'root', false],
  ])('is known of a file that %s', (_what, change, master, isSecret) => {
    change();
    expect(lookAtFile(config)).toEqual({ master, isSecret });
  });

  it('decides where the file of secrets is remembered', () => {
    chmodSync(config, 0o600);
    expect(trySettings({ config })).toMatchObject({ master: 'root', settingsFile: config, settings: { fastagi: { basedir: '/x' } } });
  });

  it.each([
    ['everybody may write', () => chmodSync(config, 0o646), /everybody may write .*; chmod o-w /],
    ['two users may write', () => (chownSync(config, alice, alice), chownSync(join(dir, 'etc'), alice + 1, alice + 1)), /; chown root /],
    ['is a link', () => (rmSync(config), symlinkSync('/etc/hostname', config)), /is a link; name what it leads to/],
  ])('is refused where %s the file, and the defaults stand in', (_what, change, why) => {
    change();
    expect(() => lookAtFile(config)).toThrow(why);
    const tried = trySettings({ config });
    expect(tried.settingsError).toMatchObject({
      code: 'FASTAGI_CONFIG_UNTRUSTED',
      message: expect.stringContaining("is not trusted, since root's calls would follow it") as string,
    });
    expect(tried).toMatchObject({
      master: 'root',
      settingsFile: undefined,
      settings: { fastagi: { basedir: '/var/lib/asterisk/agi-bin/' } },
    });
  });
});

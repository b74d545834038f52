import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { defaultSettings, fileOf, readIni, readSettings } from '../../src/config/read-settings';

const dir = mkdtempSync(join(tmpdir(), 'fastagi-read-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(text: string): string {
  const config = join(dir, 'phpagi.conf');
  writeFileSync(config, text);
  return config;
}

it('is named absolutely, /etc/asterisk/phpagi.conf unless said otherwise', () => {
  expect(fileOf(undefined)).toBe('/etc/asterisk/phpagi.conf');
  expect(fileOf('/x/y.conf')).toBe('/x/y.conf');
  expect(fileOf('y.conf')).toBe(`${process.cwd()}/y.conf`);
});

// A machine with a configuration of its own has nothing to show here.
it.skipIf(existsSync(fileOf(undefined)))('may be missing where nobody named it', () => {
  expect(readIni(undefined).sections).toEqual({});
  expect(readIni(undefined, true).sections).toEqual({});
});

it('gives what it says where the command line is silent', () => {
  const config = file('[phpagi]\ndebug = on\n[fastagi]\nbasedir = /x\nsetuid = off\n');
  expect(readSettings({ config })).toMatchObject({ phpagi: { debug: true }, fastagi: { basedir: '/x', setuid: false } });
  expect(defaultSettings({})).toMatchObject({ phpagi: { debug: false }, fastagi: { basedir: '/var/lib/asterisk/agi-bin/', setuid: true } });
  expect(defaultSettings({ basedir: '/y', setuid: false, debug: true })).toMatchObject({
    phpagi: { debug: true },
    fastagi: { basedir: '/y', setuid: false },
  });
});

it.each([
  ['nothing', ''],
  ['a little', 'short = 1\n'],
  ['a page exactly', `k = ${'x'.repeat(8192 - '[s]\nk = \n'.length)}\n`],
  ['more than a page', `k = ${'äöü'.repeat(4000)}\n__proto__ = 5\n`],
  ['many pages', Array.from({ length: 5000 }, (_, n) => `key${n} = value ${n}\n`).join('')],
])('says the same read secretly: %s', (_what, text) => {
  const config = file(`[s]\n${text}`);
  const [plain, secret] = [readIni(config), readIni(config, true)];
  expect(secret).toEqual(plain);
  expect(Object.keys(plain.sections['s'] ?? {})).toHaveLength(text.split('\n').length - 1);
  expect(Object.getPrototypeOf(secret.sections)).toBeNull();
  expect(Object.getPrototypeOf(secret.sections['s'])).toBeNull();
});

it('that cannot be read secretly says why, too', () => {
  expect(() => readIni(join(dir, 'gone'), true)).toThrow(/gone cannot be read: ENOENT.*; create it or correct --config$/);
  expect(() => readIni(dir, true)).toThrow(/cannot be read: EISDIR.*; look at the file's owner and mode$/);
});

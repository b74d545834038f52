import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeCassette } from '../../../src/call/record/cassette-files';
import { settingsOf } from '../../support/settings';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'fastagi-recordings-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

/** Writes a recording when the process has run for so many ms, in which looking at all of them takes as long as is said. */
function write(name: string, at: number, takes: number, text = 'x'): void {
  const clock = vi
    .spyOn(performance, 'now')
    .mockReturnValueOnce(at)
    .mockReturnValueOnce(at + takes);
  writeCassette(settingsOf({ fastagi: { record: dir, record_keep: '2', record_max: '1' } }), name, text);
  clock.mockRestore();
}

const directory = () => join(dir, `calls-${process.geteuid?.()}`);
const there = () => readdirSync(directory()).toSorted();

/** A recording was made so many days ago. */
function age(name: string, days: number): void {
  const then = new Date(Date.now() - days * 86_400_000);
  utimesSync(join(directory(), `${name}.cassette`), then, then);
}

it('keeps recordings for record_keep days, and looks the more seldom the longer a look takes', () => {
  write('a', 1000, 10);
  age('a', 3);
  write('b', 1999, 10);
  expect(there()).toEqual(['a.cassette', 'b.cassette']);
  age('b', 1);
  write('c', 2000, 10);
  expect(there()).toEqual(['b.cassette', 'c.cassette']);
});

it('removes the oldest until record_max MB are left', () => {
  write('a', 10_000, 0, 'x'.repeat(600_000));
  age('a', 1);
  write('b', 10_001, 0, 'x'.repeat(300_000));
  expect(there()).toEqual(['a.cassette', 'b.cassette']);
  write('c', 10_002, 0, 'x'.repeat(300_000));
  expect(there()).toEqual(['b.cassette', 'c.cassette']);
});

it('is for its owner alone, a byte a character, and never in the place of another', () => {
  write('a', 20_000, 0, '\u00e4');
  expect(statSync(join(directory(), 'a.cassette'))).toMatchObject({ size: 1 });
  expect(statSync(join(directory(), 'a.cassette')).mode & 0o777).toBe(0o600);
  expect(() => write('a', 20_001, 0, 'y')).toThrow('a.cassette is there already');
});

it('removes what a process that was killed left of one, with the old ones', () => {
  write('a', 30_000, 0);
  const half = join(directory(), 'b.cassette.part');
  writeFileSync(half, 'half');
  write('c', 30_001, 0);
  expect(there()).toEqual(['a.cassette', 'b.cassette.part', 'c.cassette']);
  const then = new Date(Date.now() - 3 * 86_400_000);
  utimesSync(half, then, then);
  write('d', 30_002, 0);
  expect(there()).toEqual(['a.cassette', 'c.cassette', 'd.cassette']);
});

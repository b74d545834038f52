import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countsOf } from '../../../src/call/mail/counts';
import { mayMail } from '../../../src/call/mail/limit';
import { isRoot } from '../../support/parts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'fastagi-mails-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** All that is counted happened so many ms ago. */
function age(ms: number): void {
  const then = new Date(Date.now() - ms);
  for (const name of readdirSync(dir)) utimesSync(join(dir, name), then, then);
}

const several = (count: number, kind: string) => Array.from({ length: count }, () => mayMail(kind, dir));

it('lets five mails an hour through, and says then how many were held back', () => {
  expect(several(8, 'a')).toEqual([...Array.from({ length: 5 }, () => ({ heldBack: 0 })), undefined, undefined, undefined]);
  age(3_599_000);
  expect(mayMail('a', dir)).toBeUndefined();
  age(3_601_000);
  expect(several(2, 'a')).toEqual([{ heldBack: 4 }, { heldBack: 0 }]);
});

it('counts each kind by itself', () => {
  several(6, 'a');
  expect(mayMail('b', dir)).toEqual({ heldBack: 0 });
});

it('leaves nothing behind but the counts', () => {
  several(7, 'a');
  age(3_601_000);
  mayMail('a', dir);
  expect(readdirSync(dir)).toHaveLength(5);
});

it('counts an hour to the millisecond', () => {
  const then = Date.UTC(2026, 0, 1);
  several(5, 'a');
  for (const name of readdirSync(dir)) utimesSync(join(dir, name), then / 1000, then / 1000);
  vi.useFakeTimers({ toFake: ['Date'], now: then + 3_599_999 });
  expect(mayMail('a', dir)).toBeUndefined();
  vi.setSystemTime(then + 3_600_000);
  expect(mayMail('a', dir)).toEqual({ heldBack: 1 });
  vi.useRealTimers();
});

it('counts in files of the user alone, whose names do not tell the error', () => {
  mayMail('TypeError of pay.js', dir);
  const [name = ''] = readdirSync(dir);
  expect(name).toMatch(/^[0-9a-f]{32}-0$/);
  expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
});

it('counts in a directory of the user by itself', () => {
  const kind = `a test ${process.pid} ${Math.random()}`;
  const counts = isRoot ? countsOf(0) : join(tmpdir(), `fastagi-mails-${process.getuid?.()}`);
  try {
    expect(mayMail(kind)).toEqual({ heldBack: 0 });
    expect(statSync(counts)).toMatchObject({ uid: process.getuid?.(), mode: 0o40700 });
    for (let n = 0; n < 4; n++) mayMail(kind);
    expect(mayMail(kind)).toBeUndefined();
  } finally {
    const ours = createHash('sha256').update(kind).digest('hex').slice(0, 32);
    for (const name of readdirSync(counts)) if (name.startsWith(ours)) rmSync(join(counts, name));
  }
});

import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mayMail } from '../../../src/call/mail/limit';

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

import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { patchValues, type ValueSource } from '../../src/tape/values';

let restore = (): void => undefined;
afterEach(() => restore());

it('has everything that tells the time, or chance, ask the source, and takes that back', () => {
  const given: Record<string, number | string> = { now: 1_700_000_000_000, random: 0.25, uuid: 'u-u-i-d' };
  const source = ((kind) => given[kind]) as ValueSource;
  const before = [globalThis.Date, Math.random];
  restore = patchValues(() => source);
  const dates = [Date.now(), new Date().getTime(), Date.parse(Date())];
  expect(dates).toEqual([1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_000]);
  expect([new Date(5).getTime(), new Date(2020, 1, 2).getFullYear(), Date.UTC(1970, 0, 1)]).toEqual([5, 2020, 0]);
  expect(new Date()).toBeInstanceOf(Date);
  expect(new (class extends Date {})().getTime()).toBe(1_700_000_000_000);
  expect([Math.random(), process.getBuiltinModule('node:crypto').randomUUID(), globalThis.crypto.randomUUID(), randomUUID()]).toEqual([
    0.25,
    'u-u-i-d',
    'u-u-i-d',
    'u-u-i-d',
  ]);
  restore();
  expect([globalThis.Date, Math.random]).toEqual(before);
  expect([randomUUID(), globalThis.crypto.randomUUID()]).toEqual([
    expect.stringMatching(/^[0-9a-f-]{36}$/),
    expect.stringMatching(/^[0-9a-f-]{36}$/),
  ]);
  expect(Date.now()).toBeGreaterThan(1_700_000_000_000);
});

it('leaves the world as it is for whoever has no source', () => {
  restore = patchValues(() => undefined);
  expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(10_000);
  expect(Math.random()).not.toBe(Math.random());
});

import { expect, it, vi } from 'vitest';
import * as errors from '../../src/ground/errors';

/** The same module, loaded anew, as a second copy of the package is. */
async function otherCopy(): Promise<typeof errors> {
  vi.resetModules();
  return import('../../src/ground/errors');
}

it('know those of another copy of the package, class by class', async () => {
  const other = await otherCopy();
  expect(other.HangupError).not.toBe(errors.HangupError);
  const theirs = new other.HangupError('x');
  for (const one of [errors, other]) {
    expect(theirs instanceof one.HangupError).toBe(true);
    expect(theirs instanceof one.FastagiError).toBe(true);
    expect(theirs instanceof one.UsageError).toBe(false);
    expect(theirs instanceof Error).toBe(true);
    expect(new errors.UsageError('CODE', 'x') instanceof one.UsageError).toBe(true);
    expect(new errors.UsageError('CODE', 'x') instanceof one.HangupError).toBe(false);
    for (const nothing of [undefined, null, 'HangupError', 5, {}, new Error('x'), { code: 'FASTAGI_HANGUP', name: 'HangupError' }])
      expect(nothing instanceof one.FastagiError).toBe(false);
  }
});

it('leave what a script derives from them its own', () => {
  class Mine extends errors.FastagiError {}
  expect(new errors.FastagiError('CODE', 'x') instanceof Mine).toBe(false);
  expect(new Mine('CODE', 'x') instanceof Mine).toBe(true);
  expect(new Mine('CODE', 'x') instanceof errors.FastagiError).toBe(true);
  expect(new Mine('CODE', 'x') instanceof errors.HangupError).toBe(false);
});

it('have a mark each', () => {
  const names = Object.entries(errors).filter(([, value]) => typeof value === 'function').map(([name]) => name); // prettier-ignore
  expect(names.length).toBeGreaterThan(9);
  for (const name of names)
    expect(
      Object.hasOwn((errors as unknown as Record<string, { prototype: object }>)[name]?.prototype ?? {}, Symbol.for(`fastagi.${name}`)),
    ).toBe(true);
});

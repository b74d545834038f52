import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEnding } from '../../src/call/ending';
import { silent } from '../../src/ground/log';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('ends a script when its grace is over, counted from the first time', async () => {
  const ending = createEnding(60, silent);
  const broken = expect(ending.broken).rejects.toThrow('the script did not end within 60 s');
  ending.limit('the caller hung up');
  await vi.advanceTimersByTimeAsync(30_000);
  ending.limit('it had released the call');
  await vi.advanceTimersByTimeAsync(30_000);
  await broken;
});

it.each([
  ['before', (ending: ReturnType<typeof createEnding>) => ending.stop()],
  ['while the time runs', () => undefined],
])('leaves no timer behind a script that ended %s', (_, first) => {
  const ending = createEnding(60, silent);
  first(ending);
  ending.limit('the caller hung up');
  ending.stop();
  expect(vi.getTimerCount()).toBe(0);
});

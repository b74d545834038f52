import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Connection } from '../../src/call/connection';
import { receiveRequest } from '../../src/call/receive-request';
import { createEnding } from '../../src/call/ending';
import { HangupError } from '../../src/ground/errors';
import { silent } from '../../src/ground/log';

// With a clock of the test's own: half a time and twice a time are seen.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([1, 60])('hangup_grace of %i s is that long', async (grace) => {
  const ended: unknown[] = [];
  const { broken, limit } = createEnding(grace, silent);
  broken.catch((error: unknown) => ended.push(error));
  limit('the caller hung up');
  await vi.advanceTimersByTimeAsync(grace * 1000 - 1);
  limit('it had released the call');
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual([expect.any(HangupError)]);
});

it('nothing ends a script that is over', async () => {
  const log = { ...silent, warn: vi.fn() };
  const { limit, stop, breakWith } = createEnding(1, log);
  limit('the caller hung up');
  stop();
  await vi.advanceTimersByTimeAsync(2000);
  expect(breakWith(new Error('too late'))).toBe(false);
  expect(log.warn).not.toHaveBeenCalled();
});

it.each([1, 10])('environment_timeout of %i s is that long', async (timeout) => {
  // One that never sends.
  const silent = { read: () => new Promise<string>(() => undefined) } as unknown as Connection;
  let code: string | undefined;
  const over = receiveRequest(silent, timeout, false).catch((error: unknown) => (code = (error as { code: string }).code));
  await vi.advanceTimersByTimeAsync(timeout * 1000 - 1);
  expect(code).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await over;
  expect(code).toBe('FASTAGI_ENVIRONMENT_TIMEOUT');
});

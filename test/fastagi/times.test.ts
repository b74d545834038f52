import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Connection } from '../../src/fastagi/connection';
import { receiveRequest } from '../../src/fastagi/receive-request';
import { createGrace } from '../../src/fastagi/run-script';
import { HangupError } from '../../src/ground/errors';

// With a clock of the test's own: half a time and twice a time are seen.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

it.each([1, 60])('hangup_grace of %i s is that long', (grace) => {
  const ended: unknown[] = [];
  const limit = createGrace({ breakWith: (error) => ended.push(error) }, grace, log);
  limit('the caller hung up');
  vi.advanceTimersByTime(grace * 1000 - 1);
  limit('it had released the call');
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(ended).toEqual([expect.any(HangupError)]);
  vi.advanceTimersByTime(grace * 2000);
  expect(ended).toHaveLength(1);
});

it.each([1, 10])('environment_timeout of %i s is that long', async (timeout) => {
  // One that never sends.
  const silent = { glance: () => undefined, read: () => new Promise<string>(() => undefined) } as unknown as Connection;
  let code: string | undefined;
  const over = receiveRequest(silent, timeout, false).catch((error: unknown) => (code = (error as { code: string }).code));
  await vi.advanceTimersByTimeAsync(timeout * 1000 - 1);
  expect(code).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await over;
  expect(code).toBe('FASTAGI_ENVIRONMENT_TIMEOUT');
});

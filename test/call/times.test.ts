import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../src/call/connection';
import { receiveRequest } from '../../src/call/receive-request';
import { createEnding } from '../../src/call/ending';
import { HangupError } from '../../src/ground/errors';
import { silent } from '../../src/ground/log';
import { environment } from '../support/peer';

// With a clock of the test's own: half a time and twice a time are seen.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([1, 60])('hangup_grace of %i s is that long', async (grace) => {
  const ended: unknown[] = [];
  const log = { ...silent, warn: vi.fn() };
  const { broken, limit } = createEnding(grace, log);
  broken.catch((error: unknown) => ended.push(error));
  limit('the caller hung up');
  await vi.advanceTimersByTimeAsync(grace * 1000 - 1);
  limit('it had released the call');
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual([expect.any(HangupError)]);
  expect(log.warn.mock.calls).toEqual([[`the script had not ended ${grace} s after the caller hung up, and was ended (hangup_grace)`]]);
});

it('nothing ends a script that is over', async () => {
  const log = { ...silent, warn: vi.fn() };
  const { limit, stop, breakWith } = createEnding(1, log);
  limit('the caller hung up');
  stop();
  expect(vi.getTimerCount()).toBe(0);
  limit('it had released the call');
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

it('a request that came leaves no time running', async () => {
  const [whole, silence] = [environment('x.js'), new Promise<string>(() => undefined)];
  const pieces = [whole.slice(0, 20), whole.slice(20)];
  const read = () => Promise.resolve(pieces.shift() ?? silence);
  expect(await receiveRequest({ read } as unknown as Connection, 10, false)).toMatchObject({ environment: whole.slice(0, -2) });
  expect(vi.getTimerCount()).toBe(0);
});

describe('an empty line, in which a value may go on', () => {
  const begun = 'agi_version: 22.0.0\nagi_callerid: one\n\n';

  /** One that sends a beginning, and then what `send` is given. */
  function slow() {
    const first = [begun];
    let send: (bytes: string | undefined) => void = () => undefined;
    const read = () => first.shift() ?? new Promise<string | undefined>((resolve) => (send = resolve));
    let got: string | undefined;
    const received = receiveRequest({ read } as unknown as Connection, 10, false).then((whole) => (got = whole?.environment));
    return { received, got: () => got, send: (bytes: string | undefined) => send(bytes) };
  }

  it('is waited behind for 250 ms', async () => {
    const { received, got } = slow();
    await vi.advanceTimersByTimeAsync(249);
    expect(got()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await received).toBe('agi_version: 22.0.0\nagi_callerid: one');
  });

  it('is one of the value if more comes by then', async () => {
    const { received, send } = slow();
    await vi.advanceTimersByTimeAsync(249);
    send('two\nagi_threadid: 1\n\n');
    expect(await received).toBe('agi_version: 22.0.0\nagi_callerid: one\n\ntwo\nagi_threadid: 1');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is the last one if the connection ends', async () => {
    const { received, send } = slow();
    await vi.advanceTimersByTimeAsync(1);
    send(undefined);
    expect(await received).toBe('agi_version: 22.0.0\nagi_callerid: one');
  });
});

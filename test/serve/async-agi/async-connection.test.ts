import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silent } from '../../../src/ground/log';
import type { ManagerClient } from '../../../src/manager/client';
import { asyncConnection, type AsyncConnection } from '../../../src/serve/async-agi/async-connection';

/** A connection, what went to the manager, and what came to the script. */
function connected(): { connection: AsyncConnection; sent: string[]; got: string[]; answer: (result: string, id?: string) => void } {
  const sent: string[] = [];
  const got: string[] = [];
  let last = '';
  const action = (_name: string, fields: Record<string, string> = {}) => {
    sent.push(fields['Command'] ?? '');
    last = fields['CommandID'] ?? '';
    return Promise.resolve({});
  };
  const connection = asyncConnection({ action } as unknown as ManagerClient, {
    channel: { id: '1.1', name: 'SIP/1' },
    log: silent,
    address: undefined,
    follow: () => Promise.resolve(false),
  });
  connection.attach({ receive: (bytes) => void got.push(bytes), end: (isGivenBack) => void got.push(`end ${isGivenBack}`) });
  return { connection, sent, got, answer: (result, id = last) => connection.result(encodeURIComponent(result), id) };
}

describe('behind a command that failed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const failing = ['STREAM FILE "x" ""', 'GOSUB "a" "b" "1"', 'RECEIVE CHAR 0', 'GET DATA x', 'SAY DIGITS 1 ""', 'WAIT FOR DIGIT 1'];

  it.each(failing)('nothing is sent any more, as the next session would carry it out: %s', async (line) => {
    const { connection, sent, got, answer } = connected();
    connection.write(`${line}\n`, false);
    answer('200 result=-1\n');
    connection.write('SET VARIABLE "LATE" "set"\n', true);
    const closed = connection.close();
    await vi.advanceTimersByTimeAsync(100);
    connection.end(true);
    await closed;
    await vi.advanceTimersByTimeAsync(5000);
    expect([sent, got]).toEqual([[line], ['200 result=-1\n', 'end true']]);
  });

  it('what waits is sent if the session goes on all the same', async () => {
    const { connection, sent, answer } = connected();
    connection.write('STREAM FILE "x" ""\n', false);
    answer('200 result=-1\n');
    connection.write('NOOP\n', true);
    const closed = connection.close();
    await vi.advanceTimersByTimeAsync(1000);
    await closed;
    expect(sent).toEqual(['STREAM FILE "x" ""', 'NOOP', 'ASYNCAGI BREAK']);
  });

  it.each([['EXEC "NoSuch" ""', '200 result=-2\n'], ['SET VARIABLE "A" "1"', '200 result=-1\n'], ['STREAM FILE "x" ""', '200 result=0 endpos=8\n']])('all goes on behind %s', (line, reply) => {
    const { connection, sent, answer } = connected();
    connection.write(`${line}\n`, false);
    answer(reply);
    connection.write('NOOP\n', true);
    expect(sent).toEqual([line, 'NOOP']);
  }); // prettier-ignore
});

it('passes over what another program left on the channel', () => {
  const { connection, got, answer } = connected();
  connection.write('NOOP\n', true);
  answer('200 result=7\n', '1');
  answer('200 result=8\n', 'fastagi-other-1');
  answer('200 result=0\n');
  expect(got).toEqual(['200 result=0\n']);
});

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { relay } from '../../src/call/program-relay';
import type { Connection, Receiver } from '../../src/call/connection';
import type { Run } from '../../src/call/run';
import { recordedLog } from '../support/recorded-log';
import { settingsOf } from '../support/settings';

// A clock of the test's own, and a program that is nothing but its three pipes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => (vi.useRealTimers(), vi.restoreAllMocks()));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function relayed() {
  const child = { pid: 4711, stdin: new PassThrough({ highWaterMark: 8 }), stdout: new PassThrough(), stderr: new PassThrough() };
  const signals: unknown[] = [];
  vi.spyOn(process, 'kill').mockImplementation((pid, signal) => (signals.push([pid, signal]), true));
  const before = { receive: vi.fn(), end: vi.fn() };
  const wire = { receiver: before as Receiver, sent: '', keepsUp: true, goOn: (): void => undefined };
  const connection = {
    attach(to: Receiver) {
      const held = wire.receiver;
      wire.receiver = to;
      return held;
    },
    write: (bytes: string) => ((wire.sent += bytes), wire.keepsUp),
    drained: () => new Promise<void>((resolve) => (wire.goOn = resolve)),
    pause: vi.fn(),
    resume: vi.fn(),
  };
  const { log, lines } = recordedLog();
  const call = { host: { settings: settingsOf({ fastagi: { hangup_grace: '7' } }) } };
  const run = { call, connection: connection as unknown as Connection, log } as Run;
  const relaying = relay('/x/program', run, child as unknown as ChildProcessWithoutNullStreams);
  return { child, signals, before, wire, connection, lines, relaying };
}

describe('what the program writes', () => {
  it('goes to Asterisk as it is, and is known to be in a line or not', async () => {
    const { child, wire, relaying } = relayed();
    expect(relaying.inLine()).toBe(false);
    for (const [bytes, inLine] of [['NO', true], ['OP \xe4', true], ['\n', false], ['x\ny', true]] as const) {
      child.stdout.write(Buffer.from(bytes, 'latin1'));
      await turn();
      expect(relaying.inLine()).toBe(inLine);
    } // prettier-ignore
    expect(wire.sent).toBe('NOOP \xe4\nx\ny');
  });

  it('waits while Asterisk does not keep up', async () => {
    const { child, wire } = relayed();
    wire.keepsUp = false;
    child.stdout.write('one\n');
    await turn();
    expect(child.stdout.isPaused()).toBe(true);
    wire.keepsUp = true;
    wire.goOn();
    await turn();
    expect(child.stdout.isPaused()).toBe(false);
    child.stdout.write('two\n');
    await turn();
    expect([wire.sent, child.stdout.isPaused()]).toEqual(['one\ntwo\n', false]);
  });

  it('on standard error is a line of the log each; one without end comes in pieces', async () => {
    const { child, lines, relaying } = relayed();
    child.stderr.write('one\ntw');
    child.stderr.write('o\n');
    child.stderr.write('x'.repeat(8192));
    await turn();
    expect(lines).toEqual(['warn one', 'warn two']);
    child.stderr.write('y');
    await turn();
    expect(lines.at(-1)).toBe(`warn ${'x'.repeat(8192)}y`);
    child.stderr.write('not ended');
    await turn();
    relaying.stop();
    expect(lines.slice(3)).toEqual(['warn not ended']);
  });
});

describe('what Asterisk sends', () => {
  it('goes to the program, but for the notice of a hangup', async () => {
    const { child, wire, signals } = relayed();
    wire.receiver.receive('200 result=0\n');
    wire.receiver.receive('HANG');
    expect(signals).toEqual([]);
    wire.receiver.receive('UP\n');
    expect(signals).toEqual([[-4711, 'SIGHUP']]);
    expect(String(child.stdin.read())).toBe('200 result=0\n');
  });

  it('waits while the program does not read, and goes on when it does', async () => {
    const { child, wire, connection, signals } = relayed();
    wire.receiver.receive('200 result=1 (more than its pipe takes)\n');
    expect(connection.pause).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(connection.resume).not.toHaveBeenCalled();
    child.stdin.resume();
    await turn();
    expect(connection.resume).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(signals).toEqual([]);
  });

  it('unread for a minute is a hangup', async () => {
    const { wire, signals } = relayed();
    wire.receiver.receive('200 result=1 (more than its pipe takes)\n');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals).toEqual([[-4711, 'SIGHUP']]);
  });

  it("is nobody's any more once the program has closed its input", async () => {
    const { child, wire, connection } = relayed();
    wire.receiver.receive('200 result=1 (more than its pipe takes)\n');
    child.stdin.destroy(new Error('EPIPE'));
    await turn();
    expect(connection.resume).toHaveBeenCalledTimes(1);
    wire.receiver.receive('200 result=1 (more than its pipe takes)\n');
    expect(connection.pause).toHaveBeenCalledTimes(1);
  });
});

describe('a hangup', () => {
  it('is told once; the program is ended after its grace, and 5 s later for good', async () => {
    const { wire, signals, lines, relaying } = relayed();
    expect(relaying.hungUp()).toBe(false);
    wire.receiver.receive('HANGUP\n');
    wire.receiver.receive('HANGUP\n');
    expect(relaying.hungUp()).toBe(true);
    await vi.advanceTimersByTimeAsync(6999);
    expect(signals).toEqual([[-4711, 'SIGHUP']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.slice(1)).toEqual([[-4711, 'SIGTERM']]);
    expect(lines).toEqual(['warn /x/program had not ended 7 s after the caller hung up, and was ended (hangup_grace)']);
    await vi.advanceTimersByTimeAsync(4999);
    expect(signals).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.slice(2)).toEqual([[-4711, 'SIGKILL']]);
  });

  it('is also the end of the connection, of which whoever held it learns, and the program', async () => {
    const { child, wire, before, signals } = relayed();
    wire.receiver.end();
    expect(before.end).toHaveBeenCalledTimes(1);
    expect(signals).toEqual([[-4711, 'SIGHUP']]);
    expect(child.stdin.writableEnded).toBe(true);
  });
});

describe('when the program is over', () => {
  it('the connection is given back, and nothing else happens', async () => {
    const { child, wire, before, connection, signals, lines, relaying } = relayed();
    const { receiver } = wire;
    receiver.receive('200 result=1 (more than its pipe takes)\n');
    relaying.stop();
    expect(wire.receiver).toBe(before);
    expect(connection.resume).toHaveBeenCalledTimes(1);
    child.stdout.write('late\n');
    receiver.receive('HANGUP\n');
    await turn();
    await vi.advanceTimersByTimeAsync(100_000);
    expect([wire.sent, signals, lines]).toEqual(['', [], []]);
  });

  it('a hangup before it no longer ends anything', async () => {
    const { wire, signals, relaying } = relayed();
    wire.receiver.receive('HANGUP\n');
    relaying.stop();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(signals).toEqual([[-4711, 'SIGHUP']]);
  });
});

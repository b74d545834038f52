import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receiver } from '../../../src/call/connection';
import { openDescriptors, type Descriptors } from '../../../src/serve/once/descriptors';
import { until } from '../../support/super-server';

/*
 * Over a pair of pipes, as Asterisk gives them to a program of classic AGI; test/serve/once/pair.test.ts has the built program on sockets.
 */

let dir: string;
let toProgram: { reader: number; writer: number };
let toAsterisk: { reader: number; writer: number };
let connection: Descriptors;
let received: string[];
let ended: true[];
/** Each test's own: what an earlier one opened may say behind it that it is closed. */
let receiver: Receiver;

function makePipe(name: string): { reader: number; writer: number } {
  const path = join(dir, name);
  execFileSync('mkfifo', [path]);
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  // A reader of its own that waits, as the one that Asterisk gives does.
  const reader = openSync(path, constants.O_RDONLY);
  closeSync(first);
  return { reader, writer };
}

const send = (bytes: string): void => void writeSync(toProgram.writer, bytes, null, 'latin1');

function sent(): string {
  const buffer = Buffer.alloc(4096);
  return buffer.latin1Slice(0, readSync(toAsterisk.reader, buffer));
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-pipes-'));
  toProgram = makePipe('to-program');
  toAsterisk = makePipe('to-asterisk');
  const bytes: string[] = [];
  const ends: true[] = [];
  [received, ended] = [bytes, ends];
  receiver = { receive: (text) => void bytes.push(text), end: () => void ends.push(true) };
});
afterEach(async () => {
  await connection.close();
  for (const descriptor of [toProgram.writer, toAsterisk.reader]) {
    try {
      closeSync(descriptor);
    } catch {
      // The test did.
    }
  }
  rmSync(dir, { recursive: true, force: true });
});

const open = (isRequestRead = false): Descriptors => (connection = openDescriptors(toProgram.reader, toAsterisk.writer, isRequestRead));

/** What is asked for until the text is there. */
async function readUntil(text: string): Promise<string> {
  let all = '';
  while (!all.endsWith(text)) all += (await connection.read()) ?? '(end)';
  return all;
}

describe('before somebody takes what comes', () => {
  it('gives what is here already at once, and each byte once', async () => {
    send('one\xff\n');
    open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const first = connection.read();
    expect(await first).toBe('one\xff\n');
    send('two\n');
    expect(await readUntil('two\n')).toBe('two\n');
  });

  it('waits for what is not', async () => {
    open();
    const first = connection.read();
    expect(first).toBeInstanceOf(Promise);
    send('late\n');
    expect(await first).toBe('late\n');
  });

  it('takes pieces in order, a NUL among them', async () => {
    open();
    for (const piece of ['a', 'b\0c', '\0', 'd\n']) {
      send(piece);
      await new Promise(setImmediate);
    }
    expect(await readUntil('d\n')).toBe('ab\0c\0d\n');
  });

  it('says that nothing more comes', async () => {
    open();
    closeSync(toProgram.writer);
    expect(await connection.read()).toBeUndefined();
  });

  it('hands over what it has read and nobody asked for', async () => {
    send('unread\n');
    open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await connection.handOver()).toEqual({ input: toProgram.reader, output: toAsterisk.writer, unread: 'unread\n' });
  });

  it('hands over only what was not taken', async () => {
    send('taken\n');
    open();
    expect(await readUntil('taken\n')).toBe('taken\n');
    expect(await connection.handOver()).toMatchObject({ unread: '' });
    connection.attach(receiver);
    send('for the other\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toEqual([]);
  });

  it('is blocked by a thread that waits, and not by one that has something', async () => {
    open();
    expect(connection.isBlocked).toBe(true);
    send('x');
    expect(await readUntil('x')).toBe('x');
    await until('the thread', () => !connection.isBlocked);
  });
});

describe('once somebody takes what comes', () => {
  it('gives what was still awaited, and all that follows', async () => {
    open();
    void connection.read();
    expect(connection.attach(receiver)).toBeUndefined();
    send('one\n');
    await until('the first', () => received.join('') === 'one\n');
    send('two\n');
    await until('the second', () => received.join('') === 'one\ntwo\n');
  });

  it('says who had it before', async () => {
    open(true);
    const other: string[] = [];
    connection.attach(receiver);
    expect(connection.attach({ receive: (bytes) => void other.push(bytes), end: () => undefined })).toBe(receiver);
    send('x\n');
    await until('it', () => other.join('') === 'x\n');
    expect(received).toEqual([]);
  });

  it.each([true, false])('writes, and reads the answer (which comes at once: %s)', async (answersAtOnce) => {
    open(true);
    connection.attach(receiver);
    expect(connection.write('NOOP "\xe4"\n', answersAtOnce)).toBe(true);
    expect(sent()).toBe('NOOP "\xe4"\n');
    send('200 result=0\n');
    await until('the answer', () => received.join('') === '200 result=0\n');
  });

  it('takes nothing while it is paused', async () => {
    open(true);
    connection.attach(receiver);
    connection.write('STREAM FILE\n', false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    connection.pause();
    send('x\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toEqual([]);
    connection.resume();
    await until('it', () => received.join('') === 'x\n');
  });

  it('tells the end, from wherever it comes', async () => {
    open(true);
    connection.attach(receiver);
    closeSync(toProgram.writer);
    await until('the end', () => ended.length > 0);
  });

  it('tells the end of the other direction when it writes', async () => {
    open(true);
    connection.attach(receiver);
    closeSync(toAsterisk.reader);
    expect(connection.write('NOOP\n', true)).toBe(true);
    await until('the end', () => ended.length > 0);
  });

  it('does not wait for who keeps up', async () => {
    open(true);
    await connection.drained();
  });
});

describe('a file in its place', () => {
  it('is read to its end', async () => {
    const path = join(dir, 'file');
    writeFileSync(path, 'all of it\n');
    connection = openDescriptors(openSync(path, 'r'), toAsterisk.writer, true);
    connection.attach(receiver);
    await until('the end', () => ended.length > 0);
    expect(received.join('')).toBe('all of it\n');
  });
});

describe('at the end', () => {
  it('closes both descriptors, once', async () => {
    open(true);
    connection.attach(receiver);
    await connection.close();
    await connection.close();
    for (const descriptor of [toProgram.reader, toAsterisk.writer]) expect(() => fstatSync(descriptor)).toThrow(/EBADF/);
    expect(() => connection.exchangeNow('x')).not.toThrow();
  });

  it('exchanges a last line without the event loop', () => {
    open(true);
    send('200 result=1\n');
    connection.exchangeNow('SET VARIABLE a b\n');
    expect(sent()).toBe('SET VARIABLE a b\n');
  });
});

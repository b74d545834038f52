import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Stdio } from '../../../src/serve/process/stdio';
import { bundleTo } from '../../support/bundle';
import { pairOfSockets } from '../../support/call-host';
import { describeWith, hasProgram } from '../../support/parts';

interface Found {
  stdio: Stdio;
  links: [string, string, string];
  received: string;
  journal: boolean;
  terminal: boolean;
  problem?: string;
  held?: { descriptor: number; text: string };
}

let dir: string;
let program: string;
let log: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-stdio-'));
  program = join(dir, 'program.cjs');
  log = join(dir, 'log');
  await bundleTo(program, join(import.meta.dirname, 'stdio-program.ts'));
});
beforeEach(() => (writeFileSync(log, 'before\n'), rmSync(report(), { force: true })));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const report = (): string => join(dir, 'report');
const found = (): Found => JSON.parse(readFileSync(report(), 'utf8')) as Found;

/** Runs the program on one end of a pair of sockets; gives what it found, and what the other end was sent. */
async function onSockets(
  how: string,
  stdioOf: (socket: Socket) => StdioOptions,
  { env = {}, redirection = '' }: { env?: NodeJS.ProcessEnv; redirection?: string } = {},
): Promise<Found & { sent: string }> {
  const [socket, asterisk] = await pairOfSockets();
  asterisk.write('request\n');
  let sent = '';
  asterisk.on('data', (bytes: Buffer) => (sent += String(bytes)));
  const command = ['-c', `exec "$@" ${redirection}`, 'sh', process.execPath, program, report(), how, log];
  const child = spawn('/bin/sh', command, { stdio: stdioOf(socket), env });
  socket.destroy();
  await Promise.all([once(child, 'exit'), once(asterisk, 'close')]);
  return { ...found(), sent };
}

/** Runs the program by a shell, which makes the pipes; gives what it found, and what came out of them. */
function inShell(how: string, line: string): Found & { sent: string } {
  const shell = spawnSync('sh', ['-c', line, 'sh', process.execPath, program, report(), how, log], { encoding: 'utf8' });
  return { ...found(), sent: shell.stdout };
}

async function withLog<T>(run: (descriptor: number) => Promise<T>): Promise<T> {
  const descriptor = openSync(log, 'a');
  return run(descriptor).finally(() => closeSync(descriptor));
}

describe('a socket', () => {
  it('stays on descriptor 0, and nothing else leads to it', async () => {
    const { stdio, links, received, sent } = await onSockets('', (socket) => [socket, socket, socket]);
    expect(stdio).toEqual({ input: 0, output: 0, stderrIsRead: false });
    expect(links).toEqual([expect.stringMatching(/^socket:/), '/dev/null', '/dev/null']);
    expect([received, sent]).toEqual(['request\n', 'sent\n']);
  });

  it.each(['2>/dev/null', '2>&-'])('with %s has a standard error that nobody reads', async (redirection) => {
    const { stdio, links } = await onSockets('', (socket) => [socket, socket, socket], { redirection });
    expect(stdio).toEqual({ input: 0, output: 0, stderrIsRead: false });
    expect(links.slice(1)).toEqual(['/dev/null', '/dev/null']);
  });

  it('with a file on descriptor 2 leaves that alone', async () => {
    const { stdio, links, sent } = await withLog((file) => onSockets('', (socket) => [socket, socket, file]));
    expect(stdio).toEqual({ input: 0, output: 0, stderrIsRead: true });
    expect(links.slice(1)).toEqual(['/dev/null', log]);
    expect([sent, readFileSync(log, 'utf8')]).toEqual(['sent\n', 'before\nprinted on 2\n']);
  });

  it('for each direction leaves the output on descriptor 1', async () => {
    const [other, end] = await pairOfSockets();
    let sent = '';
    end.on('data', (bytes: Buffer) => (sent += String(bytes)));
    const { stdio, links, received } = await onSockets('capture', (socket) => [socket, other, 'ignore']).finally(() => other.destroy());
    expect(stdio).toEqual({ input: 0, output: 1, stderrIsRead: false });
    expect(links.slice(0, 2)).toEqual([expect.stringMatching(/^socket:/), expect.stringMatching(/^socket:/)]);
    expect(received).toBe('request\n');
    expect(found().held).toEqual({ descriptor: 2, text: 'printed on 2\n' });
    await once(end, 'close');
    expect(sent).toBe('sent\n');
  });
});

describe('pipes', () => {
  it('are moved to where no child process finds them', () => {
    const { stdio, links, received, sent } = inShell('', 'echo request | "$@" 2>&1 | cat');
    expect(stdio.input).toBeGreaterThan(2);
    expect(stdio.output).toBeGreaterThan(2);
    expect(stdio.output).not.toBe(stdio.input);
    expect(stdio.stderrIsRead).toBe(false);
    expect(links).toEqual(['/dev/null', '/dev/null', '/dev/null']);
    expect([received, sent]).toEqual(['request\n', 'sent\n']);
  });

  it('with a file on descriptor 2 leave that alone', () => {
    const { stdio, links, sent } = inShell('', 'echo request | "$@" 2>>"$5" | cat');
    expect(stdio.stderrIsRead).toBe(true);
    expect(links).toEqual(['/dev/null', '/dev/null', log]);
    expect([sent, readFileSync(log, 'utf8')]).toEqual(['sent\n', 'before\nprinted on 2\n']);
  });

  it('of which the output and standard error are one file leave that to who reads it', () => {
    const { stdio, links } = inShell('', 'echo request | "$@" >>"$5" 2>&1');
    expect([stdio.stderrIsRead, links[2]]).toEqual([true, log]);
  });
});

describe('a place for what is printed', () => {
  it('is a file, which is appended to', async () => {
    const { links, sent } = await onSockets('file', (socket) => [socket, socket, socket]);
    expect(links.slice(1)).toEqual([log, log]);
    expect([sent, readFileSync(log, 'utf8')]).toEqual(['sent\n', 'before\nprinted on 1\nprinted on 2\n']);
  });

  it('is not where commands go', () => {
    const { stdio, sent } = inShell('file', 'echo request | "$@" | cat');
    expect(stdio.output).toBeGreaterThan(2);
    expect([sent, readFileSync(log, 'utf8')]).toEqual(['sent\n', 'before\nprinted on 1\nprinted on 2\n']);
  });

  it('is what standard error leads to', async () => {
    await withLog((file) => onSockets('stderr', (socket) => [socket, socket, file]));
    expect(found().links.slice(1)).toEqual([log, log]);
    expect(readFileSync(log, 'utf8')).toBe('before\nprinted on 1\nprinted on 2\n');
  });

  it('is none if that is a socket', async () => {
    const { problem, links } = await onSockets('stderr', (socket) => [socket, socket, 'pipe']);
    expect(problem).toMatch(/ENXIO/);
    expect(links[1]).toBe('/dev/null');
  });

  it('is a nameless file, which can be read', async () => {
    const { held, links } = await onSockets('capture', (socket) => [socket, socket, socket]);
    expect(held).toEqual({ descriptor: 1, text: 'printed on 1\nprinted on 2\n' });
    expect(links[1]).toMatch(/^\/tmp\/\.fastagi-\d+-\w+ \(deleted\)$/);
    expect(links[2]).toBe(links[1]);
  });

  it('is that for descriptor 1 alone if somebody reads the other', async () => {
    const { held, links } = await withLog((file) => onSockets('capture', (socket) => [socket, socket, file]));
    expect(held).toEqual({ descriptor: 1, text: 'printed on 1\n' });
    expect(links[2]).toBe(log);
  });
});

describe('the journal', () => {
  it.each([
    ['is known by device and inode', (dev: number, ino: number) => `${dev}:${ino}`, true],
    ['is not another file', (dev: number, ino: number) => `${dev}:${ino + 1}`, false],
    ['is not on another device', (dev: number, ino: number) => `${dev + 1}:${ino}`, false],
  ])('%s', async (_what, stream, journal) => {
    const { dev, ino } = statSync(log);
    const now = await withLog((file) => onSockets('', (socket) => [socket, socket, file], { env: { JOURNAL_STREAM: stream(dev, ino) } }));
    expect(now.journal).toBe(journal);
  });
});

describeWith({ script: hasProgram('script'), setsid: hasProgram('setsid') }, 'a terminal', () => {
  it('is known, whatever the descriptors are', () => {
    const command = `echo request | ${process.execPath} ${program} ${report()} '' 2>/dev/null | cat`;
    spawnSync('script', ['-qec', command, '/dev/null'], { timeout: 20_000 });
    expect(found().terminal).toBe(true);
    spawnSync('script', ['-qec', `setsid -w sh -c "${command}"`, '/dev/null'], { timeout: 20_000 });
    expect(found().terminal).toBe(false);
  });
});

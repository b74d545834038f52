import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleTo } from '../../support/bundle';
import { pairOfSockets } from '../../support/call-host';

let dir: string;
let program: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-open-log-'));
  program = join(dir, 'program.cjs');
  await bundleTo(program, join(import.meta.dirname, 'log-program.ts'));
  // The system's logger, in whose place this one writes down what it is given.
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin/logger'), `#!/bin/sh\nexec cat >> ${dir}/syslog\n`, { mode: 0o755 });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => {
  for (const name of ['log', 'logs', 'stderr', 'syslog']) rmSync(join(dir, name), { recursive: true, force: true });
});

const linesOf = (name: string): string[] => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1);
/** Without their stamps, of which each has one. */
const unstamped = (name: string): string[] => linesOf(name).map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z fastagi\[\d+\] /, '@ ')); // prettier-ignore

/** Runs the program on a socket. @param stderr the file on descriptor 2, unless it is the socket too */
async function run(target: string, stderr?: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const [socket, asterisk] = await pairOfSockets();
  const file = stderr === undefined ? undefined : openSync(stderr, 'a');
  const path = `${join(dir, 'bin')}:${process.env['PATH']}`;
  const child = spawn(process.execPath, [program, target], { stdio: [socket, socket, file ?? socket], env: { PATH: path, ...env } });
  if (file !== undefined) closeSync(file);
  socket.destroy();
  asterisk.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
}

const stamped = ['@ begun', '@ warning: PJSIP/1 x.js: careful', 'printed on 1', 'printed on 2', '@ error: PJSIP/1 x.js: over'];
const marked = ['<30>begun', '<28>warning: PJSIP/1 x.js: careful', '<30>printed on 1', '<30>printed on 2', '<27>error: PJSIP/1 x.js: over'];

describe('a log', () => {
  it('is a file, with stamps; what is printed lands in it too', async () => {
    await run(join(dir, 'log'));
    expect(unstamped('log')).toEqual(stamped);
    expect(existsSync(join(dir, 'syslog'))).toBe(false);
  });

  it('is a file of the user in a directory', async () => {
    mkdirSync(join(dir, 'logs'), { mode: 0o755 });
    await run(join(dir, 'logs'));
    expect(unstamped(`logs/${userInfo().username}.log`)).toEqual(stamped);
  });

  it('is what descriptor 2 leads to if nothing is named, with stamps', async () => {
    await run('-', join(dir, 'stderr'));
    expect(unstamped('stderr')).toEqual(stamped);
  });

  it('has priorities in place of stamps if that is the journal', async () => {
    writeFileSync(join(dir, 'stderr'), '');
    const { dev, ino } = statSync(join(dir, 'stderr'));
    await run('-', join(dir, 'stderr'), { JOURNAL_STREAM: `${dev}:${ino}` });
    expect(linesOf('stderr')).toEqual([
      '<6>begun', '<4>warning: PJSIP/1 x.js: careful', 'printed on 1', 'printed on 2', '<3>error: PJSIP/1 x.js: over',
    ]); // prettier-ignore
  });

  it('has stamps in a file even beside a journal', async () => {
    writeFileSync(join(dir, 'stderr'), '');
    const { dev, ino } = statSync(join(dir, 'stderr'));
    await run(join(dir, 'log'), join(dir, 'stderr'), { JOURNAL_STREAM: `${dev}:${ino}` });
    expect(unstamped('log')).toEqual(stamped);
  });

  it.each(['-', 'syslog'])('is syslog, with what is printed: %s', async (target) => {
    await run(target);
    expect(linesOf('syslog')).toEqual(marked);
  });

  it('is syslog if the file cannot be opened, and says why', async () => {
    await run(join(dir, 'nowhere/log'));
    const [first, ...more] = linesOf('syslog');
    expect(first).toMatch(/^<27>error: the log \S+\/nowhere\/log cannot be opened: ENOENT/);
    expect(more).toEqual(marked);
  });

  it('keeps what somebody reads on descriptor 2 where it is', async () => {
    await run('syslog', join(dir, 'stderr'));
    expect(linesOf('stderr')).toEqual(['printed on 2']);
    expect(linesOf('syslog')).toEqual(marked.filter((line) => !line.includes('on 2')));
  });
});

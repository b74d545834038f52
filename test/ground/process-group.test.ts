import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { programEnd, signalGroup } from '../../src/ground/process-group';
import { isRunning } from '../support/processes';
import { until } from '../support/super-server';

let child: ChildProcess | undefined;
afterEach(() => {
  if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
});

const shell = (text: string): ChildProcess => (child = spawn('sh', ['-c', text], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] }));

it.each([
  ['exit 7', { code: 7, signal: null }],
  ['kill -TERM $$', { code: null, signal: 'SIGTERM' }],
])('the end of a program is its own: %s', async (text, end) => {
  expect(await programEnd(shell(text))).toEqual(end);
});

it('a program has ended whoever holds its output', async () => {
  const program = shell('sleep 60 & echo $!');
  if (!program.stdout) throw new Error('no output');
  const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
  expect(await programEnd(program)).toEqual({ code: 0, signal: null });
  expect(isRunning(Number(line))).toBe(true);
  signalGroup(program, 'SIGKILL');
  await until('what it started has ended, too', () => !isRunning(Number(line)));
});

it('a program that cannot be started says so, and has no group to signal', async () => {
  const missing = spawn('/no/such/program', { detached: true });
  const end = programEnd(missing);
  expect(() => signalGroup(missing, 'SIGKILL')).not.toThrow();
  await expect(end).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a group is signalled as a whole, and one that has ended not at all', async () => {
  const program = shell('sleep 60 & echo $!; wait');
  if (!program.stdout) throw new Error('no output');
  const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
  const end = programEnd(program);
  signalGroup(program, 'SIGTERM');
  expect(await end).toEqual({ code: null, signal: 'SIGTERM' });
  await until('what it started has ended, too', () => !isRunning(Number(line)));
  expect(() => signalGroup(program, 'SIGTERM')).not.toThrow();
});

it('a signal that does not exist is an error', async () => {
  const program = shell('sleep 60');
  expect(() => signalGroup(program, 'SIGNONE' as NodeJS.Signals)).toThrow(/signal/i);
  const end = programEnd(program);
  signalGroup(program, 'SIGKILL');
  await end;
});

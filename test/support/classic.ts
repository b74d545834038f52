import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { environment, politeAnswer } from './peer';
import { program, type Place } from './super-server';

/** The environment of classic AGI. */
export const classic = (extra: Record<string, string> = {}): string => environment('x', extra).replace(/^agi_network.*\n/gm, '');

export interface Classic {
  child: ChildProcess;
  commands: string[];
  stderr: () => string;
  /** Settles when the program has closed its output. */
  closed: Promise<void>;
  ended: Promise<number | null>;
}

/** A pipe as Asterisk makes it; Node itself would give its children sockets. */
function makePipe(dir: string, name: string): { reader: number; writer: number } {
  const path = join(mkdtempSync(join(dir, 'pipe-')), name);
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, constants.O_WRONLY) };
}

/** Starts a program as Asterisk starts an AGI: pipes on 0 and 1, and with audio one on 3. */
export function startClassic(place: Place, command: string, args: string[], first: string, audio?: Buffer, staysOpen = false): Classic {
  const toChild = makePipe(place.dir, 'to-child');
  const fromChild = makePipe(place.dir, 'from-child');
  const sound = audio && makePipe(place.dir, 'audio');
  const stdio = [toChild.reader, fromChild.writer, 'pipe', ...(sound ? [sound.reader] : [])] as const;
  const child = spawn(command, args, { stdio: [...stdio], env: { PATH: `${dirname(program)}:${process.env['PATH']}` } });
  for (const descriptor of [toChild.reader, fromChild.writer, ...(sound ? [sound.reader] : [])]) closeSync(descriptor);
  const commands: string[] = [];
  let stderr = '';
  let partial = '';
  const input = new Socket({ fd: toChild.writer, readable: false, writable: true });
  const output = new Socket({ fd: fromChild.reader, readable: true, writable: false });
  input.on('error', () => undefined);
  child.stderr?.on('data', (data) => (stderr += String(data)));
  output.on('data', (data) => {
    const lines = (partial + String(data)).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      commands.push(line);
      input.write(politeAnswer(line));
    }
  });
  input.write(first);
  const speaker = sound && new Socket({ fd: sound.writer, readable: false, writable: true });
  speaker?.on('error', () => undefined);
  if (audio) speaker?.write(audio);
  if (!staysOpen) speaker?.end();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.once('close', () => {
    input.destroy();
    speaker?.destroy();
  });
  const closed = once(output, 'close').then(() => undefined);
  return { child, commands, stderr: () => stderr, closed, ended: Promise.all([ended, closed]).then(([code]) => code) };
}

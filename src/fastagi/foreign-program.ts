import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Channel } from '../agi/channel';
import { HangupError, ScriptError } from '../ground/errors';
import type { Log } from '../ground/log';
import type { Connection, Receiver } from './connection';
import { createNoticeFilter } from './notice-filter';

export interface ForeignCall {
  readonly path: string;
  readonly args: readonly string[];
  /** What Asterisk sent first, without its empty line. */
  readonly environment: string;
  readonly connection: Connection;
  readonly channel: Channel;
  /** Who takes what Asterisk sends; the program while it runs. */
  readonly receiver: Receiver;
  readonly log: Log;
  /** How long it may go on after the connection closed, in s. */
  readonly grace: number;
}

/**
 * Runs a program in any language as classic AGI: the environment on its standard input, SIGHUP where the caller hangs up.
 * Throws ScriptError where it cannot be started or fails, HangupError where the caller hung up before it ended.
 */
export async function runForeign(call: ForeignCall): Promise<void> {
  const { path, channel, receiver, connection } = call;
  checkBeginning(path);
  const child = spawn(path, call.args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(cannotStart(path, cause.message, 'look whether the interpreter in its first line is there', cause)),
    );
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `status ${code}`)));
  });
  await started;
  const before = { ...receiver };
  const wire = relay(call, child);
  child.stdin.write(`${call.environment}\n\n`, 'latin1');
  const why = await ended;
  Object.assign(receiver, before);
  wire.stop();
  if (channel.ended) throw new HangupError('the connection ended before the program did');
  // A line that was begun must be ended, or what is sent now would belong to it.
  if (wire.inLine()) connection.write('\n', true);
  await channel.resync();
  if (wire.hungUp()) channel.hangUp();
  if (channel.hungUp) throw new HangupError('the caller hung up before the program ended');
  if (why !== undefined) throw new ScriptError('FASTAGI_PROGRAM_FAILED', `${path} ended with ${why}`, { status: 'FAILURE' });
}

interface Relay {
  /** Whether the program has begun a line and not ended it. */
  inLine(): boolean;
  hungUp(): boolean;
  stop(): void;
}

function relay({ connection, receiver, log, grace }: ForeignCall, child: ChildProcessWithoutNullStreams): Relay {
  const notices = createNoticeFilter();
  let hungUp = false;
  let last = '\n';
  let errors = '';
  const timers: NodeJS.Timeout[] = [];
  const hangUp = (): void => {
    if (hungUp) return;
    hungUp = true;
    child.kill('SIGHUP');
  };
  const after = (seconds: number, signal: NodeJS.Signals): void => void timers.push(setTimeout(() => child.kill(signal), seconds * 1000));

  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (bytes: Buffer) => {
    const text = bytes.toString('latin1');
    last = text.at(-1) ?? last;
    connection.write(text, false);
  });
  child.stderr.on('data', (bytes: Buffer) => {
    const lines = (errors + String(bytes)).split('\n');
    errors = lines.pop() ?? '';
    for (const line of lines) log.warn(line);
  });
  receiver.receive = (bytes) => {
    const { rest, hungUp: isNotified } = notices.push(bytes);
    if (rest !== '') child.stdin.write(rest, 'latin1');
    if (isNotified) hangUp();
  };
  const { end } = receiver;
  receiver.end = () => {
    end();
    hangUp();
    child.stdin.end();
    after(grace, 'SIGTERM');
    after(grace + 5, 'SIGKILL');
  };
  return {
    inLine: () => last !== '\n',
    hungUp: () => hungUp,
    stop() {
      for (const timer of timers) clearTimeout(timer);
      if (errors !== '') log.warn(errors);
    },
  };
}

/** What is neither would be given to a shell, whatever it is; on some file systems every file has the execute bit. */
function checkBeginning(path: string): void {
  let beginning;
  try {
    const file = openSync(path, 'r');
    beginning = Buffer.alloc(4);
    readSync(file, beginning);
    closeSync(file);
  } catch (cause) {
    throw cannotStart(path, (cause as Error).message, 'look at its owner and mode, and at those of its directories', cause);
  }
  const text = beginning.toString('latin1');
  if (!text.startsWith('#!') && text !== '\x7fELF')
    throw cannotStart(path, 'it is no binary', 'its first line must name its interpreter (#!/usr/bin/perl)');
}

function cannotStart(path: string, why: string, remedy: string, cause?: unknown): ScriptError {
  return new ScriptError('FASTAGI_PROGRAM_START', `${path} cannot be started: ${why}; ${remedy}`, { status: 'FAILURE', cause });
}

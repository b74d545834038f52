import { readSync, writeSync } from 'node:fs';
import type { Log } from '../ground/log';
import { maskedText } from '../ground/masking';
import { visible } from '../ground/visible';
import { capture, pointAt, pointAtStderr, type Stdio } from './stdio';

/** The log of one program. */
export interface CallLog extends Log {
  /** What each line begins with: the channel and the script, as far as they are known. */
  label(text: string): void;
  /** Hands to syslog what is left, once the connection is closed. */
  finish(): void;
  /** Leaves the log to another process, which gets this state and the descriptors 1 and 2. */
  handOver(): LogState;
}

/** How far a log is, for the process that goes on with it. */
export interface LogState {
  readonly toSyslog: boolean;
  /** The nameless file that is handed on in the end. */
  readonly captured: number | undefined;
  /** How many bytes of it syslog has already. */
  readonly handedOver: number;
}

const longestLabel = 200;

/**
 * Opens the log and points descriptors 1 and 2 at it, so that what scripts, their children and Node itself print
 * lands there too.
 * @param target a file, `syslog`, or undefined: standard error where somebody reads it, else syslog
 */
export function openCallLog(stdio: Stdio, target: string | undefined): CallLog {
  const place = target === undefined ? (stdio.stderrIsRead ? 'stderr' : 'syslog') : target;
  const problem = place === 'syslog' ? undefined : tryPoint(place, stdio);
  // Without its file the log goes to syslog.
  const toSyslog = place === 'syslog' || (problem !== undefined && place !== 'stderr');
  const captured = toSyslog || problem !== undefined ? capture(stdio) : undefined;
  const log = createCallLog({ toSyslog, captured, handedOver: 0 });
  if (problem !== undefined && place !== 'stderr')
    log.error(`the log ${place} cannot be opened: ${problem}; look at its directory's owner and mode`);
  return log;
}

/** A log whose descriptors are in place. */
export function createCallLog({ toSyslog, captured, ...state }: LogState): CallLog {
  let label = '';
  let { handedOver } = state;
  let isOurs = true;
  let timer: NodeJS.Timeout | undefined;

  const handOver = (): void => {
    const text = captured === undefined ? Buffer.alloc(0) : readFrom(captured, handedOver);
    if (text.length === 0) return;
    handedOver += text.length;
    toLogger(text);
  };

  const write = (level: string, text: string): void => {
    for (const line of text.split('\n')) {
      const stamp = toSyslog ? '' : `${new Date().toISOString()} fastagi[${process.pid}] `;
      writeLine(toSyslog ? (captured ?? 2) : 2, `${stamp}${level}${visible(maskedText(label + line))}\n`);
    }
    if (toSyslog) timer ??= setTimeout(() => {
      timer = undefined;
      handOver();
    }, 250).unref(); // prettier-ignore
  };

  return {
    info: (text) => write('', text),
    warn: (text) => write('warning: ', text),
    error: (text) => write('error: ', text),
    label(text) {
      // It stands in every line, and whoever calls chooses it.
      label = text === '' ? '' : `${text.length > longestLabel ? `${text.slice(0, longestLabel)}...` : text}: `;
    },
    finish() {
      clearTimeout(timer);
      if (!isOurs) return;
      if (toSyslog) handOver();
      else if (captured !== undefined) writeLine(2, readFrom(captured, 0).toString());
    },
    handOver() {
      clearTimeout(timer);
      isOurs = false;
      return { toSyslog, captured, handedOver };
    },
  };
}

function tryPoint(place: string, stdio: Stdio): string | undefined {
  try {
    if (place === 'stderr') pointAtStderr(stdio);
    else pointAt(place, stdio);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, line);
  } catch {
    // A full disk or a closed terminal must not cost the call.
  }
}

/** What the capture's file holds from there on. */
function readFrom(descriptor: number, from: number): Buffer {
  const pieces: Buffer[] = [];
  try {
    for (let at = from; at - from < 1_048_576;) {
      const piece = Buffer.alloc(65_536);
      const length = readSync(descriptor, piece, 0, piece.length, at);
      if (length === 0) break;
      pieces.push(piece.subarray(0, length));
      at += length;
    }
  } catch {
    // There was no place for a file, and so there is nothing to hand over.
  }
  return Buffer.concat(pieces);
}

function toLogger(text: Buffer): void {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const path = process.env['PATH'] ?? '/usr/bin:/bin';
  spawnSync('logger', ['-p', 'daemon.notice', '-t', `fastagi[${process.pid}]`], {
    input: text,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 5000,
    env: { PATH: path },
  });
}

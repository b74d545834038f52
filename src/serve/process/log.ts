import { fstatSync, readSync, writeSync } from 'node:fs';
import type { Log } from '../../ground/log';
import { openLog, openUsersLog, problemOf, self, type LogOwner } from './log-file';
import { cutLabel, logLine, type Level, type LineStyle } from './log-line';
import { sendToSyslog } from './syslog';
import { capture, isJournal, pointAt, pointAtStderr, type Stdio } from './stdio';

/** The log of one program. */
export interface CallLog extends Log {
  /** What each line begins with: the channel and the script, as far as they are known. */
  label(text: string): void;
  /** For root, who is about to become this user: from then on the user's process must not be able to erase what others said. */
  become(identity: LogOwner): void;
  /** Hands to syslog what is left, once the connection is closed. */
  finish(): void;
  /** Leaves the log to another process, which gets this state and the descriptors 1 and 2. */
  handOver(): LogState;
}

/** How far a log is, for the process that goes on with it. */
export interface LogState {
  /** Whether lines need a stamp: syslog and the journal have their own. */
  readonly stamped: boolean;
  readonly toSyslog: boolean;
  /** The nameless file that is handed on in the end. */
  readonly captured: number | undefined;
  /** How many bytes of it syslog has already. */
  readonly handedOver: number;
  /** Lines that syslog does not have yet: a script could erase them in the file. */
  readonly unsent: string[];
}

/**
 * Opens the log and points descriptors 1 and 2 at it, so that what scripts, their children and Node itself print
 * lands there too.
 * @param target a file, a directory with a file for each user, `syslog`, or undefined: standard error where somebody reads it, else syslog
 * @param master who besides root could have written the settings
 */
export function openCallLog(stdio: Stdio, target: string | undefined, master: 'root' | number): CallLog {
  const place = target === undefined ? (stdio.stderrIsRead ? 'stderr' : 'syslog') : target;
  let isDirectory = false;
  const open = (): void => {
    if (place === 'stderr') return pointAtStderr(stdio);
    const opened = openLog(place, master, self());
    pointAt(opened.descriptor, stdio);
    isDirectory = opened.isDirectory;
  };
  const problem = place === 'syslog' ? undefined : problemOf(open);
  // Without its file the log goes to syslog.
  const toSyslog = place === 'syslog' || (problem !== undefined && place !== 'stderr');
  const captured = toSyslog || problem !== undefined ? capture(stdio) : undefined;
  const stamped = !toSyslog && !(place === 'stderr' && isJournal());
  const move = (identity: LogOwner): number | undefined => {
    if (!isDirectory) return undefined;
    const why = problemOf(() => pointAt(openUsersLog(place, identity), stdio));
    if (why === undefined) return undefined;
    log.error(`the log in ${place} cannot be opened: ${why}`);
    return capture(stdio);
  };
  const log: CallLog = createCallLog({ stamped, toSyslog, captured, handedOver: 0, unsent: [] }, move);
  if (problem !== undefined && place !== 'stderr') log.error(`the log ${place} cannot be opened: ${problem}`);
  return log;
}

/**
 * A log whose descriptors are in place.
 * @param move points them at the log of a user; gives the file for syslog where it cannot
 */
export function createCallLog(state: LogState, move: (owner: LogOwner) => number | undefined = () => undefined): CallLog {
  let label = '';
  let { stamped, toSyslog, captured, handedOver, unsent } = state;
  let isOurs = true;
  let timer: NodeJS.Timeout | undefined;

  const handOver = (): void => {
    if (captured === undefined) return;
    const from = Math.min(handedOver, sizeOf(captured));
    const text = readFrom(captured, from);
    const erased = missingIn(text, unsent);
    handedOver = from + text.length;
    unsent = [];
    if (text.length + erased.length > 0) sendToSyslog(Buffer.concat([Buffer.from(erased), text]));
  };

  const style = (): LineStyle => (stamped ? 'stamped' : toSyslog ? 'plain' : 'marked');

  const write = (level: Level, text: string): void => {
    for (const line of text.split('\n')) {
      const whole = logLine(style(), level, label, line);
      if (toSyslog) unsent.push(whole);
      writeLine(toSyslog ? (captured ?? 2) : 2, whole);
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
      label = cutLabel(text);
    },
    become(identity) {
      if (toSyslog) return;
      const forSyslog = move(identity);
      if (forSyslog !== undefined) [toSyslog, stamped, captured] = [true, false, forSyslog];
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
      return { stamped, toSyslog, captured, handedOver, unsent };
    },
  };
}

function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, line);
  } catch {
    // A full disk or a closed terminal must not cost the call.
  }
}

/** The lines from the first one on that a text does not hold where it should: what is behind it may come twice, but is not lost. */
function missingIn(text: Buffer, lines: readonly string[]): string {
  let at = 0;
  for (const [index, line] of lines.entries()) {
    const found = text.indexOf(line, at);
    if (found < 0) return lines.slice(index).join('');
    at = found + Buffer.byteLength(line);
  }
  return '';
}

function sizeOf(descriptor: number): number {
  try {
    return fstatSync(descriptor).size;
  } catch {
    return 0;
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

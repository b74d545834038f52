import { closeSync, constants, fstatSync, openSync, unlinkSync, type Stats } from 'node:fs';

/** The descriptors of a program that was started for one connection, once nothing but commands can reach it. */
export interface Stdio {
  /** Where Asterisk's bytes come from. */
  readonly input: number;
  /** Where commands go; the same descriptor for a socket. */
  readonly output: number;
  /** Whether descriptor 2 leads to somebody who reads it (a journal, a terminal, a file). */
  readonly stderrIsRead: boolean;
}

/**
 * Takes descriptors 1 and 2 away from the connection: whatever is written there from now on is kept in a nameless
 * file until the log is known. A socket stays on descriptor 0, since Node cannot duplicate one.
 */
export function guardWire(): Stdio {
  const connection = statOf(0);
  const stdout = statOf(1);
  const stderr = statOf(2);
  const stderrIsWire = !stderr || isSame(stderr, connection) || (stdout?.isFIFO() === true && isSame(stderr, stdout));
  const wire = connection?.isSocket() && isSame(connection, stdout) ? { input: 0, output: 0 } : movePipes();
  const free = wire.output === 1 ? [] : [1];
  replaceByCapture(stderrIsWire || isNullDevice(stderr) ? [...free, 2] : free);
  return {
    ...wire,
    stderrIsRead: !stderrIsWire && !isNullDevice(stderr),
  };
}

/** Points descriptors 1 and, if asked, 2 at a file that is appended to. Throws where it cannot be opened. */
export function pointAt(path: string, descriptors: readonly number[]): void {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  closeSync(openSync(path, flags, 0o640));
  for (const descriptor of descriptors) replace(descriptor, path, flags);
}

/** Points descriptor 1 at what 2 leads to. Throws where that is a socket, as the journal's is. */
export function pointAtStderr(): void {
  const flags = constants.O_WRONLY | constants.O_APPEND;
  closeSync(openSync('/proc/self/fd/2', flags));
  replace(1, '/proc/self/fd/2', flags);
}

/** Pipes, unlike sockets, can be opened anew: classic AGI's end up where no child process inherits them. */
function movePipes(): { input: number; output: number } {
  try {
    const output = openSync('/proc/self/fd/1', constants.O_WRONLY);
    const input = openSync('/proc/self/fd/0', constants.O_RDONLY);
    replace(0, '/dev/null', constants.O_RDONLY);
    return { input, output };
  } catch {
    // Two sockets, as a test may give: the output has to stay where it is.
    return { input: 0, output: 1 };
  }
}

function replaceByCapture(descriptors: readonly number[]): void {
  const path = `/tmp/.fastagi-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    closeSync(openSync(path, flags | constants.O_EXCL, 0o600));
    for (const descriptor of descriptors) replace(descriptor, path, flags);
    unlinkSync(path);
  } catch {
    for (const descriptor of descriptors) replace(descriptor, '/dev/null', constants.O_RDWR);
  }
}

/** Closing first makes the number the lowest free one, which open then gives. */
function replace(descriptor: number, path: string, flags: number): void {
  if (statOf(descriptor)) closeSync(descriptor);
  const opened = openSync(path, flags, 0o600);
  if (opened !== descriptor) throw new Error(`descriptor ${descriptor} could not be pointed at ${path}: got ${opened}`);
}

function statOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

function isSame(one: Stats, other: Stats | undefined): boolean {
  return other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

function isNullDevice(stat: Stats | undefined): boolean {
  return stat?.isCharacterDevice() === true && stat.rdev === 0x103;
}

import { closeSync, constants, fstatSync, openSync, unlinkSync, type Stats } from 'node:fs';

const nullDevice = '/dev/null';

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
 * Takes descriptors 1 and 2 away from the connection; `openCallLog` gives them a place. A socket stays on
 * descriptor 0, since Node cannot duplicate one.
 */
export function guardWire(): Stdio {
  const connection = statOf(0);
  const stdout = statOf(1);
  const stderr = statOf(2);
  const stderrIsWire = !stderr || isSame(stderr, connection) || (stdout?.isFIFO() === true && isSame(stderr, stdout));
  const wire = connection?.isSocket() && isSame(connection, stdout) ? { input: 0, output: 0 } : movePipes();
  if (wire.output !== 1) replace(1, nullDevice, constants.O_RDWR);
  if (stderrIsWire) replace(2, nullDevice, constants.O_RDWR);
  return { ...wire, stderrIsRead: !stderrIsWire && !isNullDevice(stderr) };
}

/** The same for a program that was handed a listening socket: descriptor 0 stays as it is. */
export function guardListener(): Stdio {
  const socket = statOf(0);
  const stderr = statOf(2);
  const stderrIsWire = !stderr || (socket?.isSocket() === true && isSame(stderr, socket));
  if (!socket) replace(0, nullDevice, constants.O_RDONLY);
  const stdout = statOf(1);
  if (!stdout || (socket?.isSocket() === true && isSame(stdout, socket))) replace(1, nullDevice, constants.O_RDWR);
  if (stderrIsWire) replace(2, nullDevice, constants.O_RDWR);
  return { input: 0, output: 0, stderrIsRead: !stderrIsWire && !isNullDevice(stderr) };
}

/** Points descriptors 1 and 2 at a pipe, of which a reader who does not keep up costs lines, but holds nobody up. */
export function pointAtPipe(path: string): void {
  for (const descriptor of [1, 2]) replace(descriptor, path, constants.O_RDWR | constants.O_NONBLOCK);
}

/** Points descriptors 1 and 2 at a file that is open, and is appended to; closes it. */
export function pointAt(opened: number, { output }: Stdio): void {
  const flags = constants.O_WRONLY | constants.O_APPEND;
  for (const descriptor of [1, 2]) if (descriptor !== output) replace(descriptor, `/proc/self/fd/${opened}`, flags);
  closeSync(opened);
}

/** Whether this process has a terminal, whatever its descriptors are. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/** Whether descriptor 2 leads to systemd's journal, which stamps each line itself. */
export function isJournal(): boolean {
  const stat = statOf(2);
  return stat !== undefined && process.env['JOURNAL_STREAM'] === `${stat.dev}:${stat.ino}`;
}

/** Points descriptor 1 at what 2 leads to. Throws where that is a socket, as the journal's is. */
export function pointAtStderr({ output }: Stdio): void {
  const flags = constants.O_WRONLY | constants.O_APPEND;
  closeSync(openSync('/proc/self/fd/2', flags));
  if (output !== 1) replace(1, '/proc/self/fd/2', flags);
}

/** Pipes, unlike sockets, can be opened anew: classic AGI's end up where no child process inherits them. */
function movePipes(): { input: number; output: number } {
  try {
    const output = openSync('/proc/self/fd/1', constants.O_WRONLY);
    const input = openSync('/proc/self/fd/0', constants.O_RDONLY);
    replace(0, nullDevice, constants.O_RDONLY);
    return { input, output };
  } catch {
    // Two sockets, as a test may give: the output has to stay where it is.
    return { input: 0, output: 1 };
  }
}

/**
 * Points descriptor 1, and 2 where nobody reads it, at a nameless file, so that what comes there can be handed on.
 * @returns the descriptor to write to and read from
 */
export function capture({ output, stderrIsRead }: Stdio): number {
  const descriptors = [1, 2].filter((descriptor) => descriptor !== output && !(descriptor === 2 && stderrIsRead));
  const path = `/tmp/.fastagi-${process.pid}-${Math.random().toString(36).slice(2)}`;
  let flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_EXCL;
  try {
    for (const descriptor of descriptors) {
      replace(descriptor, path, flags);
      flags &= ~constants.O_EXCL;
    }
    unlinkSync(path);
  } catch {
    for (const descriptor of descriptors) replace(descriptor, nullDevice, constants.O_RDWR);
  }
  return descriptors[0] ?? 2;
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

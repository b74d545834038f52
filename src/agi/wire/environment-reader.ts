import { ProtocolError } from '../../ground/errors';
import { createLines } from './lines';

/** More than any Asterisk sends; a peer that sends more is none. */
export const largestEnvironment = 65_536;

/** What Asterisk sends before its first silence: its lines without the empty one at the end, and what came behind that. */
export interface Environment {
  readonly environment: string;
  readonly rest: string;
}

export interface EnvironmentReader {
  /** Takes bytes; gives the environment once its end was seen, else undefined. Throws ProtocolError beyond 64 KiB. */
  push(bytes: string): Environment | undefined;
  /** The environment where an empty line has come, but not all that Asterisk sends: a value may hold that line, or the peer sends no more. */
  settle(): Environment | undefined;
  /** Whether `settle` would give one. */
  readonly mayBeWhole: boolean;
  /** How many bytes have come so far. */
  readonly size: number;
  /** The lines so far. */
  readonly soFar: string;
}

/**
 * Collects the environment. Asterisk escapes nothing, so that an empty line may belong to a value: one ends the environment when
 * agi_threadid was seen, behind which only arguments come, or when the peer sends no agi_version and so is no whole Asterisk.
 */
export function createEnvironmentReader(): EnvironmentReader {
  const lines = createLines();
  const seen: string[] = [];
  /** Where the empty line stands that ends it, as far as is known. */
  let end = -1;
  let lastEmpty = -1;
  let size = 0;
  let args = 0;
  let argument = 'agi_arg_1: ';
  let hasVersion = false;
  let hasThread = false;
  let hasReturns = false;

  const look = (line: string): void => {
    if (seen.length === 0) hasReturns = line.endsWith('\r');
    const text = hasReturns && line.endsWith('\r') ? line.slice(0, -1) : line;
    seen.push(text);
    if (text === '') lastEmpty = seen.length - 1;
    hasVersion ||= text.startsWith('agi_version: ');
    hasThread ||= text.startsWith('agi_threadid: ');
    const isArgument = text.startsWith(argument);
    if (isArgument) argument = `agi_arg_${++args + 1}: `;
    // What follows an empty line and belongs to the environment shows that it was a value's.
    if (end >= 0) end = isArgument ? -1 : text === '' && end === seen.length - 2 ? end + 1 : end;
    else if (text === '' && (hasThread || !hasVersion)) end = seen.length - 1;
  };

  const split = (at: number): Environment => {
    const environment = seen.slice(0, at).join('\n');
    if (environment.length > largestEnvironment) throw tooLarge();
    return { environment, rest: [...seen.slice(at + 1), lines.rest()].join('\n') };
  };

  return {
    push(bytes) {
      if (bytes.includes('\0')) throw new ProtocolError('FASTAGI_ENVIRONMENT_NUL', 'the environment holds a NUL: this is no Asterisk');
      size += bytes.length;
      lines.push(bytes);
      for (let line = lines.take(); line !== undefined; line = lines.take()) look(line);
      if (end >= 0) return split(end);
      // Its last two newlines do not count.
      if (size > largestEnvironment + 2) throw tooLarge();
      return undefined;
    },
    settle: () => (lastEmpty < 0 ? undefined : split(lastEmpty)),
    get mayBeWhole() {
      return lastEmpty >= 0;
    },
    get size() {
      return size;
    },
    get soFar() {
      return seen.join('\n');
    },
  };
}

function tooLarge(): ProtocolError {
  return new ProtocolError(
    'FASTAGI_ENVIRONMENT_LARGE',
    `the environment is larger than ${largestEnvironment} bytes: this is no Asterisk; restrict who may connect (only_from, allow)`,
  );
}

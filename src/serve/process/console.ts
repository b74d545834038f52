import type { Log } from '../../ground/log';

/**
 * Makes `process.stdout` and `process.stderr`, and with them `console`, write lines to the log; `process.stdin` is
 * empty. Nothing is loaded before one of them is used.
 * @param logOf the log of whoever prints at this moment
 */
export function cleanConsole(logOf: () => Log): void {
  define('stdout', () => lineStream(logOf, (log, line) => log.info(line)));
  define('stderr', () => lineStream(logOf, (log, line) => log.warn(line)));
  define('stdin', emptyInput);
}

function define(name: 'stdin' | 'stdout' | 'stderr', make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => (made ??= make()) });
}

/** Nobody types anything. */
export const emptyInput = (): NodeJS.ReadableStream => process.getBuiltinModule('node:stream').Readable.from([]);

/** A stream whose lines are printed one by one. */
export function lineStream(logOf: () => Log, print: (log: Log, line: string) => void): NodeJS.WritableStream {
  const { Writable } = process.getBuiltinModule('node:stream');
  /** The line that somebody has begun, by whose log it is. */
  const begun = new Map<Log, string>();
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const log = logOf();
      const lines = ((begun.get(log) ?? '') + String(chunk)).split('\n');
      const rest = lines.pop() ?? '';
      if (rest === '') begun.delete(log);
      else begun.set(log, rest);
      for (const line of lines) print(log, line);
      done();
    },
  });
  process.on('exit', () => {
    for (const [log, line] of begun) print(log, line);
  });
  return stream;
}

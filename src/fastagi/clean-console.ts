import type { Log } from '../ground/log';

/**
 * Makes `process.stdout` and `process.stderr`, and with them `console`, write lines to the log; `process.stdin` is
 * empty. Nothing is loaded before one of them is used.
 */
export function cleanConsole(log: Log): void {
  define('stdout', () => lineStream((line) => log.info(line)));
  define('stderr', () => lineStream((line) => log.warn(line)));
  define('stdin', () => process.getBuiltinModule('node:stream').Readable.from([]));
}

function define(name: 'stdin' | 'stdout' | 'stderr', make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => (made ??= make()) });
}

function lineStream(print: (line: string) => void): NodeJS.WritableStream {
  const { Writable } = process.getBuiltinModule('node:stream');
  let partial = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = (partial + String(chunk)).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) print(line);
      done();
    },
  });
  process.on('exit', () => {
    if (partial !== '') print(partial);
  });
  return stream;
}

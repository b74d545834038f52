import type { Log } from '../../ground/log';
import { emptyInput, lineStream } from '../process/console';

/**
 * As `cleanConsole` under Bun: its process would open the three streams if their properties were defined, which takes longer than a
 * call; and its console writes to the descriptors by itself.
 */
export function cleanBunConsole(logOf: () => Log): void {
  const own = globalThis.console;
  const streams = {
    stdout: whenUsed(() => lineStream(logOf, (log, line) => log.info(line))),
    stderr: whenUsed(() => lineStream(logOf, (log, line) => log.warn(line))),
    stdin: whenUsed(emptyInput),
  };
  Object.assign(process, streams);
  const { stdout, stderr } = streams;
  let made: Console | undefined;
  Object.defineProperty(globalThis, 'console', {
    configurable: true,
    get: () => (made ??= new own.Console({ stdout, stderr })),
    set(given: Console) {
      made = given;
    },
  });
}

/** An object that is made when something of it is used. */
function whenUsed<T extends object>(make: () => T): T {
  let made: T | undefined;
  const real = (): T => (made ??= make());
  return new Proxy({} as T, {
    get(_, key) {
      const value: unknown = Reflect.get(real(), key);
      return typeof value === 'function' ? value.bind(real()) : value;
    },
    set: (_, key, value) => Reflect.set(real(), key, value),
    has: (_, key) => Reflect.has(real(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(real()),
  });
}

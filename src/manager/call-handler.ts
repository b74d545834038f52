import type { Log } from '../ground/log';

/** Calls a handler of the user's: what it throws, at once or later, is reported, and ends nothing else. @param of what it is a handler of */
export function callHandler(log: Log, of: string, run: () => unknown): void {
  const failed = (error: unknown): void => log.error(`a handler of ${of} failed: ${describe(error)}`);
  try {
    const result = run();
    if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(failed);
  } catch (error) {
    failed(error);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

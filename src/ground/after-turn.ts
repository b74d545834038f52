import { UsageError } from './errors';

/** Errors that cost nothing must not starve everything else where a script asks again and again. */
export async function afterTurn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) await new Promise(setImmediate);
    throw error;
  }
}

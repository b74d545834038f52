import { UsageError } from './errors';

/** Whether it is a number that can be sent. */
export function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What stands in a text of ours, as text. Throws UsageError for what is neither text nor a finite number. */
export function textOf(value: unknown, words: string, what: string): string {
  if (typeof value === 'string') return value;
  if (isFinite(value)) return String(value);
  throw wrongType(value, words, what);
}

/** Options of a method: an object, or none. Throws UsageError for anything else. */
export function checkedOptions<T extends object>(options: T | undefined, words: string): T | undefined {
  if (options === undefined || (typeof options === 'object' && options !== null)) return options;
  throw wrongType(options, words, 'options', 'an object');
}

/** Throws UsageError for what is neither true nor false: a word such as 'off' would be true. */
export function checkedFlag(value: boolean, words: string, what: string): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongType(value, words, what, 'true or false');
}

/** @param wanted what the argument must be */
export function wrongType(value: unknown, words: string, what: string, wanted = 'text or a finite number'): UsageError {
  const is = value === null || typeof value === 'number' ? String(value) : Array.isArray(value) ? 'an array' : typeof value;
  return new UsageError('FASTAGI_ARGUMENT_TYPE', `${words}: ${what} is ${is}; it must be ${wanted}`);
}

import { existsSync, readFileSync } from 'node:fs';
import { until } from './waiting';

/** What a program wrote to its log since a test began to look. */
export interface LogView {
  text(): string;
  /** Waits for a match; the error of a vain wait shows the log. */
  match(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
}

/** The log from now on: what is in the file already belongs to earlier calls. */
export function logSinceNow(file: string): LogView {
  const read = () => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
  const start = read().length;
  const text = () => read().subarray(start).toString();
  return {
    text,
    match: (pattern, seconds) => until(`${String(pattern)} in ${file}`, () => pattern.exec(text()) ?? undefined, seconds, text),
  };
}

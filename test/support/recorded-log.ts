import type { Log } from '../../src/ground/log';

/** A log, and what was written to it: a line each, as `warn text`. */
export function recordedLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const line = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  return { log: { info: line('info'), warn: line('warn'), error: line('error') }, lines };
}

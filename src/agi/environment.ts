import { ProtocolError } from '../ground/errors';

/** More than any Asterisk sends; a peer that sends more is none. */
export const largestEnvironment = 65_536;

export interface EnvironmentReader {
  /** Takes bytes; gives the environment once its empty line was seen, else undefined. Throws ProtocolError beyond 64 KiB. */
  push(bytes: string): { environment: string; rest: string } | undefined;
  /** How many bytes have come so far. */
  readonly size: number;
}

/** Collects the environment that Asterisk sends before its first silence. */
export function createEnvironmentReader(): EnvironmentReader {
  let text = '';
  return {
    push(bytes) {
      const from = Math.max(0, text.length - 2);
      text += bytes;
      const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n', from);
      if (end >= 0 && end <= largestEnvironment) {
        return { environment: text.slice(0, end), rest: text.slice(end + (end === 0 ? 1 : 2)) };
      }
      if (text.length > largestEnvironment) {
        throw new ProtocolError(
          'FASTAGI_ENVIRONMENT_LARGE',
          `the environment is larger than ${largestEnvironment} bytes: this is no Asterisk; restrict who may connect (only_from, allow)`,
        );
      }
      return undefined;
    },
    get size() {
      return text.length;
    },
  };
}

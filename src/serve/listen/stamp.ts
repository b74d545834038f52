import { statSync } from 'node:fs';

/** A file as it is at this moment. */
export interface Stamp {
  /** Another one after whatever was done with the file: it was written, exchanged, given to somebody else, opened to others. */
  readonly text: string;
  /** When that was done last, in ms since 1970. */
  readonly changed: number;
}

/** Follows links. Undefined for what is not there, or cannot be looked at. */
export function stampOf(path: string): Stamp | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && { text: `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`, changed: stat.ctimeMs };
  } catch {
    return undefined;
  }
}

import { statSync, type Stats } from 'node:fs';

/** A file as it is at this moment. Another one after whatever was done with it: it was written, exchanged, given to somebody else, opened to others. */
export type Stamp = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;

/** Follows links. Undefined for what is not there, or cannot be looked at. */
export function stampOf(path: string): Stamp | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Whether nothing was done with a file between the two. */
export function isSameStamp(one: Stamp | undefined, other: Stamp | undefined): boolean {
  if (!one || !other) return one === other;
  return (
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    one.ino === other.ino &&
    one.size === other.size &&
    one.dev === other.dev
  );
}

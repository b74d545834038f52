import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { masterOf } from './trust';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes a directory for a user, for root before it becomes that user: where others may make things, one that another user made would be in the
 * way. Throws where others than root could have exchanged it.
 */
export function makeOwnDirectory(within: string, name: string, { uid, gid }: Owner): void {
  if (masterOf(within) !== 'root') throw new Error(`${within} is not root's alone; chown root ${within}; chmod go-w ${within}`);
  const path = `${within}/${name}`;
  if (makeDirectory(path, 0o700)) chownSync(path, uid, gid);
}

/** Throws unless a directory is there, this user's alone. */
export function checkOwnDirectory(path: string, uid: number): void {
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== uid || stat.mode & 0o077) throw new Error(`${path} is not user ${uid}'s alone; remove it`);
}

/** Makes a directory if it is not there. Throws unless it is this user's alone. */
export function takeOwnDirectory(path: string, uid: number): void {
  makeDirectory(path, 0o700);
  checkOwnDirectory(path, uid);
}

/** @returns whether it was not there before */
export function makeDirectory(path: string, mode: number): boolean {
  // An error costs a caller more than a look.
  if (lstatSync(path, { throwIfNoEntry: false })) return false;
  try {
    mkdirSync(path, { mode: 0o700 });
    // Whatever the super-server's umask is.
    chmodSync(path, mode);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

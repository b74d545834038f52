import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import type { Log } from '../../ground/log';
import { masterOf } from '../../ground/trust';

/** Only root can make anything there. Not in memory, as /run is: what a user's script puts into the user's own may be much. */
const parent = '/var/lib/fastagi';

/** Where a user's mails on errors are counted. */
export function countsOf(uid: number, within = parent): string {
  return `${within}/mails-${uid}`;
}

/**
 * Makes the directory in which a user's mails on errors are counted, for root before it becomes that user: where others may make things,
 * one that another user made would keep errors from being mailed.
 */
export function makeCounts({ uid, gid }: { readonly uid: number; readonly gid: number }, within = parent): void {
  made(within, 0o755);
  if (masterOf(within) !== 'root') throw new Error(`${within} is not root's alone; chown root ${within}; chmod go-w ${within}`);
  const counts = countsOf(uid, within);
  if (made(counts, 0o700)) chownSync(counts, uid, gid);
}

/** Without them mails are sent all the same. */
export function tryMakeCounts(identity: Parameters<typeof makeCounts>[0], log: Log, within?: string): void {
  try {
    makeCounts(identity, within);
  } catch (error) {
    log.warn(`mails on errors may not be counted: ${(error as Error).message}`);
  }
}

/** Throws unless a directory is there, this user's alone. */
export function checkCounts(counts: string, uid: number): void {
  const stat = lstatSync(counts);
  if (!stat.isDirectory() || stat.uid !== uid || stat.mode & 0o077) throw new Error(`${counts} is not user ${uid}'s alone; remove it`);
}

function made(path: string, mode: number): boolean {
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

import { accessSync, closeSync, constants, fchownSync, fstatSync, lstatSync, openSync, statSync, type Stats } from 'node:fs';
import { findAccount } from '../../ground/accounts';
import { masterOf, writerBesides } from '../../ground/trust';
import { actAs, identityOf, type Identity } from './identity';

/** Whose log a file is. */
export type LogOwner = Pick<Identity, 'uid' | 'gid' | 'account'>;

const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a log for all calls, as root only where nobody else could have exchanged it: in a directory of one user's, as that user.
 * Throws where several users could have.
 * @param master who besides root could have written the settings: root does nothing in that user's name
 */
export function openLogFile(path: string, master: 'root' | number): number {
  const user = userFor(path, master);
  return user === undefined || user === 0 ? openOwn(path) : actAs(identityOf(user), () => openOwn(path));
}

/** Opens a log, or in a directory of logs the one of this user. Throws where it cannot. */
export function openLog(
  place: string,
  master: 'root' | number,
  user: LogOwner,
): { readonly descriptor: number; readonly isDirectory: boolean } {
  try {
    return { descriptor: openLogFile(place, master), isDirectory: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    return { descriptor: openUsersLog(place, user), isDirectory: true };
  }
}

/** Why something failed, where it did. */
export function problemOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Who this process is. */
export function self(): LogOwner {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/** Why a file or a directory takes no log, for whoever looks without opening it; undefined where it does. */
export function logProblem(path: string, master: 'root' | number): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) checkDirectory(path);
    else {
      const user = userFor(path, master) ?? process.geteuid?.() ?? 0;
      const link = lstatSync(path, { throwIfNoEntry: false });
      if (link) return wrongFile(link, path, user);
      accessSync(path.slice(0, path.lastIndexOf('/')) || '/', constants.W_OK);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** As whom root opens a log; undefined for whoever is not root. */
function userFor(path: string, master: 'root' | number): number | undefined {
  if (!path.startsWith('/')) throw new Error('write its whole path, from / on');
  if (process.geteuid?.() !== 0) return undefined;
  const directory = masterOf(path.slice(0, path.lastIndexOf('/')) || '/');
  if (typeof directory === 'object') throw new Error(`${directory.why}; ${directory.remedy}`);
  if (master === 'root') return directory === 'root' ? 0 : directory;
  if (directory === 'root' || directory === master) return master;
  throw new Error(`its directory is user ${directory}'s, and the configuration user ${master}'s`);
}

/** A directory in which nobody but root puts anything. */
function checkDirectory(directory: string): void {
  if (process.geteuid?.() !== 0) return;
  const master = masterOf(directory);
  // In a sticky directory others could take the names.
  const isOpen = statSync(directory).mode & 0o022;
  if (master === 'root' && !isOpen) return;
  const remedy =
    typeof master === 'object' ? `${master.why}; ${master.remedy}` : isOpen ? `chmod go-w ${directory}` : `chown root ${directory}`;
  throw new Error(`a directory of logs must be root's alone, and the directories on its way; ${remedy}`);
}

/** Opens a user's file in a directory of root's, which it is made in while this process is still root. */
export function openUsersLog(directory: string, { uid, gid, account }: LogOwner): number {
  const name = account?.name ?? findAccount((candidate) => candidate.uid === uid)?.name;
  const path = `${directory.replace(/\/$/, '')}/${name !== undefined && /^[\w][\w.-]*$/.test(name) ? name : uid}.log`;
  if (process.geteuid?.() !== 0) return openOwn(path);
  checkDirectory(directory);
  try {
    // Users without an account share a group.
    const mode = name === undefined ? 0o600 : 0o640;
    const made = openSync(path, appending | constants.O_CREAT | constants.O_EXCL, mode);
    fchownSync(made, uid, gid);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return checked(openSync(path, appending), path, uid);
  }
}

function openOwn(path: string): number {
  return checked(openSync(path, appending | constants.O_CREAT, 0o640), path, process.geteuid?.() ?? 0);
}

/** The descriptor, where the file that it leads to takes a log. */
function checked(descriptor: number, path: string, uid: number): number {
  const why = wrongFile(fstatSync(descriptor), path, uid);
  if (why === undefined) return descriptor;
  closeSync(descriptor);
  throw new Error(why);
}

/** Only a file of that user's or root's that has no other name and that nobody else may write takes a log. */
function wrongFile(stat: Stats, path: string, uid: number): string | undefined {
  if (!stat.isFile()) return 'it is no regular file; remove it';
  if (stat.nlink !== 1) return 'it has another name besides (a hard link); remove it';
  if (stat.uid !== uid && stat.uid !== 0) return `it belongs to user ${stat.uid}; chown ${uid} ${path}`;
  const writer = writerBesides(stat);
  return writer === undefined || writer === uid ? undefined : `others may write it; chmod go-w ${path}`;
}

import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { distrustedPath } from '../../ground/trust';
import { accountRows } from '../services/system-facts';
import type { Owner } from './change';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;

/** How something is put into the system below `root`. */
export interface Put {
  readonly mode: number;
  readonly owner: Owner;
  readonly root: string;
}

/** Writes a file: a new one, or, if it may be there, over what stands in it. No link is followed. */
export function putFile(path: string, text: string, isThere: boolean, how: Put): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | (isThere ? O_TRUNC : O_EXCL), 0o600);
  try {
    writeSync(fd, text);
    hand(fd, how);
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes something into a file of others, which keeps its owner and its mode; a new one is root's. A link is followed only if nobody but root could
 * have put it there.
 */
export function editFile(path: string, edit: (text: string) => string): void {
  const isRoots = distrustedPath(dirname(path), 0) === undefined;
  const fd = openSync(path, O_RDWR | O_CREAT | (isRoots ? 0 : O_NOFOLLOW), 0o644);
  try {
    const text = edit(readFileSync(fd, 'utf8'));
    ftruncateSync(fd);
    writeSync(fd, text, 0);
  } finally {
    closeSync(fd);
  }
}

export function putDirectory(path: string, how: Put): void {
  mkdirSync(path, { mode: 0o700 });
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    hand(fd, how);
  } finally {
    closeSync(fd);
  }
}

/** Whoever is not root can give nothing away: a packager's tree is its own. */
function hand(fd: number, { mode, owner: { user, group }, root }: Put): void {
  const uid = fieldOf('passwd', user, 2, root) ?? 0;
  // A user's own group may have another name than the user.
  const gid = fieldOf('group', group, 2, root) ?? fieldOf('passwd', group, 3, root) ?? 0;
  if (process.geteuid?.() === 0 && mayBelongTo(fd, uid)) fchownSync(fd, uid, gid);
  fchmodSync(fd, mode);
}

/**
 * Asterisk's directories are Asterisk's user's, who could have put a link in the way. So nobody gets anything but where nobody could have, or in a directory of
 * one's own. The kernel knows where it really is.
 */
function mayBelongTo(fd: number, uid: number): boolean {
  if (uid === 0) return true;
  const parent = dirname(readlinkSync(`/proc/self/fd/${fd}`));
  return distrustedPath(parent, 0) === undefined || statSync(parent).uid === uid;
}

/** A number in the line of a name; undefined if there is no such line. */
function fieldOf(file: 'passwd' | 'group', name: string | undefined, field: number, root: string): number | undefined {
  const found = accountRows(file, root).find(([known]) => name !== undefined && known === name)?.[field];
  return found === undefined ? undefined : Number(found);
}

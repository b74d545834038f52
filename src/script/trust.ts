import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { accountFilesTellAll, findAccount, groupMembers, type Account } from './accounts';

/** Why a file is not trusted for a user: who else could change it, and the command that mends it. */
export interface Distrust {
  readonly path: string;
  readonly why: string;
  readonly remedy: string;
}

/**
 * The chain rule: a regular file is trusted for a user where it and each directory from / down to it belong to root or to that user,
 * and nobody else may write any of them. Within such a chain nobody else can change anything, so that looking and using are one.
 * @param path absolute, and without symbolic links
 * @param account the user's, where there is one: a group that only this user is in is nobody else
 * @returns undefined for a trusted file
 * @see sshd_config(5), StrictModes
 */
export function distrust(path: string, uid: number, account?: Account): Distrust | undefined {
  const isOwn = (gid: number): boolean => uid !== 0 && account !== undefined && isPrivate(gid, account);
  for (const { at, stat } of chainOf(path)) {
    if (at === path && !stat.isFile()) return { path, why: `${path} is no regular file`, remedy: 'put a file in its place' };
    if (stat.uid !== 0 && stat.uid !== uid) {
      const who = uid === 0 ? 'root' : (account?.name ?? `user ${uid}`);
      return { path: at, why: `${at} belongs to user ${stat.uid}`, remedy: `chown ${uid === 0 ? 0 : who} ${at}` };
    }
    const writer = othersWho(stat, isOwn);
    if (writer === 'everybody') return { path: at, why: `everybody may write ${at}`, remedy: `chmod o-w ${at}` };
    if (writer === 'group') return { path: at, why: `a group may write ${at}`, remedy: `chmod g-w ${at}` };
  }
  return undefined;
}

/** Who besides its owner may write it. What lies in a sticky directory is its owner's alone, who is looked at next. */
function othersWho(stat: Stats, isOwn: (gid: number) => boolean): 'everybody' | 'group' | undefined {
  if (stat.isDirectory() && stat.mode & 0o1000) return undefined;
  if (stat.mode & 0o002) return 'everybody';
  return stat.mode & 0o020 && !isOwn(stat.gid) ? 'group' : undefined;
}

/** The directories from / down to a file, and the file. */
function* chainOf(path: string): Generator<{ at: string; stat: Stats }> {
  yield { at: '/', stat: lstatSync('/') };
  for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
    const at = end < 0 ? path : path.slice(0, end);
    yield { at, stat: lstatSync(at) };
    if (end < 0) return;
  }
}

/** Debian gives each user a group of the same name. An access list shows as a group that may write, root's most of all. */
function isPrivate(gid: number, account: Account): boolean {
  if (gid === 0 || !accountFilesTellAll()) return false;
  const members = groupMembers(gid);
  return members.includes(account.name) && members.every((name) => name === account.name || name === 'root');
}

/** Who could have written a file: root alone, one user besides, or more than that. */
export type Master = 'root' | number | Distrust;

/**
 * Looks at who could have written a file, by its own way and by the way that its links lead.
 * @param path absolute
 */
export function masterOf(path: string): Master {
  if (lstatSync(path).isSymbolicLink()) return { path, why: `${path} is a link`, remedy: 'name the file itself with --config' };
  let master: 'root' | number = 'root';
  const real = realpathSync.native(path);
  for (const { at, stat } of real === path ? chainOf(path) : [...chainOf(path), ...chainOf(real)]) {
    for (const uid of [stat.uid, writerBesides(stat)]) {
      if (uid === 0 || uid === undefined || uid === master) continue;
      if (uid === 'everybody') return { path: at, why: `everybody may write ${at}`, remedy: `chmod o-w ${at}` };
      if (uid === 'group') return { path: at, why: `a group may write ${at}`, remedy: `chmod g-w ${at}` };
      if (master !== 'root')
        return { path: at, why: `${at} is of user ${uid}, and another directory on its way of user ${master}`, remedy: `chown root ${at}` };
      master = uid;
    }
  }
  return master;
}

/** Who may write it besides its owner; a user where the group is that user's alone. */
function writerBesides(stat: Stats): number | 'everybody' | 'group' | undefined {
  // What a link leads to is looked at by itself.
  if (stat.isSymbolicLink()) return undefined;
  const others = othersWho(stat, () => false);
  if (others !== 'group' || stat.gid === 0 || !accountFilesTellAll()) return others;
  const [name, ...more] = new Set(groupMembers(stat.gid).filter((member) => member !== 'root'));
  return name !== undefined && more.length === 0 ? (findAccount((account) => account.name === name)?.uid ?? 'group') : 'group';
}

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
  const chain = chainOf(path);
  if (!chain.at(-1)?.stat.isFile()) return { path, why: `${path} is no regular file`, remedy: 'put a file in its place' };
  return distrustedIn(chain, uid, account);
}

/**
 * The chain rule for a directory, or for a program that links may lead to: both ways are looked at.
 * @param path absolute
 */
export function distrustedPath(path: string, uid: number, account?: Account): Distrust | undefined {
  const real = realpathSync.native(path);
  return (real === path ? undefined : distrustedIn(chainOf(path), uid, account)) ?? distrustedIn(chainOf(real), uid, account);
}

/**
 * The chain rule for a directory by which users hand things to each other, and which a group of theirs may write.
 * @param path absolute
 * @param users theirs; root is always one
 */
export function distrustedExchange(path: string, users: readonly number[]): Distrust | undefined {
  for (const { at, stat } of chainOf(realpathSync.native(path))) {
    if (stat.uid !== 0 && !users.includes(stat.uid))
      return { path: at, why: `${at} belongs to user ${stat.uid}`, remedy: `chown root ${at}` };
    if (othersWho(stat) === 'everybody') return openTo('everybody', at);
  }
  return undefined;
}

function distrustedIn(chain: readonly Link[], uid: number, account: Account | undefined): Distrust | undefined {
  const isOwn = (gid: number): boolean => uid !== 0 && account !== undefined && soleMember(gid) === account.name;
  for (const { at, stat } of chain) {
    if (stat.uid !== 0 && stat.uid !== uid) {
      return { path: at, why: `${at} belongs to user ${stat.uid}`, remedy: `chown ${account?.name ?? uid} ${at}` };
    }
    const writer = othersWho(stat);
    if (writer === 'everybody' || (writer === 'group' && !isOwn(stat.gid))) return openTo(writer, at);
  }
  return undefined;
}

function openTo(writer: 'everybody' | 'group', at: string): Distrust {
  return writer === 'everybody'
    ? { path: at, why: `everybody may write ${at}`, remedy: `chmod o-w ${at}` }
    : { path: at, why: `a group may write ${at}`, remedy: `chmod g-w ${at}` };
}

/** Who besides its owner may write it. What lies in a sticky directory is its owner's alone, who is looked at next. */
function othersWho(stat: Stats): 'everybody' | 'group' | undefined {
  // What a link leads to is looked at by itself.
  if (stat.isSymbolicLink()) return undefined;
  if (stat.isDirectory() && stat.mode & 0o1000) return undefined;
  if (stat.mode & 0o002) return 'everybody';
  return stat.mode & 0o020 ? 'group' : undefined;
}

/** One step of a path, as it is there. */
export interface Link {
  readonly at: string;
  readonly stat: Stats;
}

/** The directories from / down to a file, and the file. */
export function chainOf(path: string): Link[] {
  const chain: Link[] = [{ at: '/', stat: lstatSync('/') }];
  for (let end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) {
    const at = path.slice(0, end);
    chain.push({ at, stat: lstatSync(at) });
  }
  chain.push({ at: path, stat: lstatSync(path) });
  return chain;
}

/**
 * The one user in a group besides root: Debian gives each user such a group. None for root's own, which may be all that shows of an access
 * list, nor where the files do not hold all members.
 */
function soleMember(gid: number): string | undefined {
  if (gid === 0 || !accountFilesTellAll()) return undefined;
  const [name, ...more] = new Set(groupMembers(gid).filter((member) => member !== 'root'));
  return more.length === 0 ? name : undefined;
}

/** Whether everybody may read a file that was looked at: it, and the way to it. */
export function isOpenToAll(chain: readonly Link[]): boolean {
  return chain.every(({ stat }) => !stat.isSymbolicLink() && (stat.mode & (stat.isDirectory() ? 0o001 : 0o004)) !== 0);
}

/** Who could have written a file: root alone, one user besides, or more than that. */
export type Master = 'root' | number | Distrust;

/**
 * Looks at who could have written a file or directory, by its own way and by the way that its links lead.
 * @param path absolute
 */
export function masterOf(path: string): Master {
  return masterIn(chainOf(path));
}

/** The same, for a path that was looked at. */
export function masterIn(looked: readonly Link[]): Master {
  const chain = [...looked];
  const path = chain.at(-1)?.at ?? '/';
  if (chain.at(-1)?.stat.isSymbolicLink()) return { path, why: `${path} is a link`, remedy: 'name what it leads to in its place' };
  // Without a link on its way it is where it says.
  if (chain.some(({ stat }) => stat.isSymbolicLink())) chain.push(...chainOf(realpathSync.native(path)));
  let master: 'root' | number = 'root';
  for (const { at, stat } of chain) {
    for (const uid of [stat.uid, writerBesides(stat)]) {
      if (uid === 0 || uid === undefined || uid === master) continue;
      if (typeof uid !== 'number') return openTo(uid, at);
      if (master !== 'root')
        return { path: at, why: `${at} is of user ${uid}, and another directory on its way of user ${master}`, remedy: `chown root ${at}` };
      master = uid;
    }
  }
  return master;
}

/** Who may write it besides its owner; a user where the group is that user's alone. */
export function writerBesides(stat: Stats): number | 'everybody' | 'group' | undefined {
  const others = othersWho(stat);
  const name = others === 'group' ? soleMember(stat.gid) : undefined;
  return name === undefined ? others : (findAccount((account) => account.name === name)?.uid ?? 'group');
}

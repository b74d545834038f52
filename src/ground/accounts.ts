import { existsSync, readFileSync } from 'node:fs';

/** What the system knows of a user. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The first account of /etc/passwd that fits. */
export function findAccount(fits: (account: Account) => boolean): Account | undefined {
  for (const line of linesOf('/etc/passwd')) {
    const account = accountIn(line);
    if (account.name !== '' && fits(account)) return account;
  }
  return undefined;
}

/** The account that a setting names, by its name or by its number. */
export function accountNamed(user: string): Account | undefined {
  return findAccount(({ name, uid }) => name === user || String(uid) === user);
}

function accountIn(line: string): Account {
  const [name = '', , uid, gid, , home = '/'] = line.trimEnd().split(':');
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/** The groups that /etc/group lists the user in. */
export function groupsOf(user: string): number[] {
  const groups: number[] = [];
  for (const line of linesOf('/etc/group')) {
    if (!line.includes(user)) continue;
    const [, , gid, members = ''] = line.split(':');
    if (members.split(',').includes(user)) groups.push(Number(gid));
  }
  return groups;
}

/** The names of all who are in a group, by /etc/group or as their own group. */
export function groupMembers(gid: number): string[] {
  const members: string[] = [];
  for (const line of linesOf('/etc/group')) {
    const [, , number, names = ''] = line.split(':');
    if (Number(number) === gid) members.push(...names.split(',').filter((name) => name !== ''));
  }
  for (const line of linesOf('/etc/passwd')) {
    const [name = '', , , own] = line.split(':');
    if (name !== '' && Number(own) === gid) members.push(name);
  }
  return members;
}

/** The account of a user, whatever source of accounts the system has. */
export function accountOf(uid: number): Account | undefined {
  const account = findAccount((candidate) => candidate.uid === uid);
  if (account || accountFilesTellAll()) return account;
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout } = spawnSync('getent', ['passwd', String(uid)], { encoding: 'utf8' });
  return stdout ? accountIn(stdout) : undefined;
}

const databases = ['passwd', 'group', 'initgroups'];
/** Where systemd keeps memberships of its own. */
const systemdRecords = ['/etc/userdb', '/run/userdb', '/run/host/userdb', '/usr/lib/userdb'];

/**
 * Whether /etc/passwd and /etc/group tell all there is to know of the accounts they hold: then the groups that the kernel names can be
 * compared with them. The C library would have to be believed; it also loads a module for each further source, and asks systemd where that runs.
 */
export function accountFilesTellAll(): boolean {
  let sources = '';
  for (const line of linesOf('/etc/nsswitch.conf')) {
    const [database = '', named = ''] = line.split('#', 1)[0]?.split(':') ?? [];
    if (databases.includes(database.trim())) sources += ` ${named.trim()}`;
  }
  const others = sources.split(' ').filter((source) => source !== '' && source !== 'files');
  return others.every((source) => source === 'systemd') && !(others.length > 0 && systemdRecords.some((path) => existsSync(path)));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The number of a group that /etc/group names, or that is written as a number there. */
export function groupNamed(group: string): number | undefined {
  for (const line of linesOf('/etc/group')) {
    const [name = '', , gid] = line.split(':');
    if (name === group || gid === group) return Number(gid);
  }
  return undefined;
}

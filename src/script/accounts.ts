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
    const [name = '', , uid, gid, , home = '/'] = line.split(':');
    const account = { name, uid: Number(uid), gid: Number(gid), home };
    if (name !== '' && fits(account)) return account;
  }
  return undefined;
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

const databases = ['passwd', 'group', 'initgroups'];
/** Where systemd keeps memberships of its own. */
const systemdRecords = ['/etc/userdb', '/run/userdb', '/run/host/userdb', '/usr/lib/userdb'];

/**
 * Whether /etc/passwd and /etc/group tell all there is to know of the accounts they hold. Asking the C library
 * instead costs a caller more than a millisecond: it loads a module for each further source.
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

import { readFileSync } from 'node:fs';
import { IdentityError } from '../ground/errors';
import { accountFilesTellAll, findAccount, groupsOf, type Account } from './accounts';
import type { LocatedScript } from './locate';

/** Whom a script runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Why it is not the owner, in a line for the log. */
  readonly reason: string | undefined;
}

/** Whom a script should run as; undefined to stay who we are. Throws IdentityError. */
export function chooseIdentity(script: LocatedScript, setuid: boolean): Identity | undefined {
  if (!setuid || process.geteuid?.() !== 0) return undefined;
  if (script.openTo !== undefined) return nobody(`everybody may write ${script.openTo}: ${script.name} runs as nobody; chmod o-w it`);
  if (script.uid !== 0) return { uid: script.uid, gid: script.gid, reason: undefined };
  if (script.rootOnly) return undefined;
  return nobody(
    `others than root may write ${script.name} or a directory on its way: it runs as nobody, not as root; chown it to whom it should run as`,
  );
}

function nobody(reason: string): Identity {
  const account = findAccount(({ name }) => name === 'nobody');
  if (!account) throw new IdentityError('FASTAGI_IDENTITY', `${reason}. But /etc/passwd has no nobody`);
  return { uid: account.uid, gid: account.gid, reason };
}

/**
 * Whether this Node changes no users at all: one that is linked with the system's libuv, as Debian 13's, cannot know whether
 * io_uring is in use, and then threads might keep root (CVE-2024-22017).
 */
export function refusesToChangeUsers(): boolean {
  try {
    process.setgroups?.(process.getgroups?.() ?? []);
    return false;
  } catch (error) {
    return isRefusal(error);
  }
}

/** Whether an attempt to become somebody failed because this Node refuses all such attempts. */
export function isRefusal(error: unknown): boolean {
  const cause = error instanceof IdentityError ? error.cause : error;
  return (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_INVALID_STATE';
}

/** For a process that was started under this identity. Throws IdentityError where that is not certain. */
export function confirmIdentity({ uid, gid }: Identity): void {
  verify(uid, gid);
  describe(findAccount((candidate) => candidate.uid === uid) ?? askForUser());
}

/** The groups of this identity as far as the files tell; undefined where the C library has to be asked. */
export function knownGroups({ uid, gid }: Identity): number[] | undefined {
  const account = accountFilesTellAll() ? findAccount((candidate) => candidate.uid === uid) : undefined;
  return account && [gid, ...groupsOf(account.name)];
}

/**
 * Becomes this identity for good, with the groups that the user is in. Throws IdentityError where that is not
 * certain; the script must not be run then.
 */
export function assumeIdentity(identity: Identity): void {
  const { uid, gid } = identity;
  try {
    const account = takeGroups(uid, gid);
    process.setgid?.(gid);
    process.setuid?.(uid);
    verify(uid, gid);
    describe(account ?? askForUser());
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    throw uncertain(identity, (cause as Error).message, cause);
  }
}

type User = Pick<Account, 'name' | 'home'>;

/** From here on root is kept only until setuid. Gives the account, where the files know it. */
function takeGroups(uid: number, gid: number): Account | undefined {
  const account = accountFilesTellAll() ? findAccount((candidate) => candidate.uid === uid) : undefined;
  if (account) process.setgroups?.([gid, ...groupsOf(account.name)]);
  else askForGroups(uid, gid);
  return account;
}

/** Asks the C library, and with it whatever source of accounts the system has. */
function askForGroups(uid: number, gid: number): void {
  try {
    process.initgroups?.(uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_CREDENTIAL') throw error;
    // An owner that no account belongs to has no further groups.
    process.setgroups?.([gid]);
  }
}

/** Who this process is now. */
function askForUser(): User | undefined {
  try {
    const { username, homedir } = process.getBuiltinModule('node:os').userInfo();
    return { name: username, home: homedir };
  } catch {
    return undefined;
  }
}

/** Without one of root's four user ids and without a permitted capability no system call gives root back. */
function verify(uid: number, gid: number): void {
  const identity = { uid, gid };
  const status = readFileSync('/proc/self/status', 'utf8');
  const isAll = (name: string, id: number): boolean => status.includes(`\n${name}:\t${id}\t${id}\t${id}\t${id}\n`);
  if (!isAll('Uid', uid) || !isAll('Gid', gid)) throw uncertain(identity, 'the kernel names another one');
  if (uid !== 0 && hasCapabilities(status)) throw uncertain(identity, 'root could be regained');
}

function hasCapabilities(status: string): boolean {
  const none = '0'.repeat(16);
  return !status.includes(`\nCapPrm:\t${none}\n`) || !status.includes(`\nCapEff:\t${none}\n`);
}

function describe(user: User | undefined): void {
  // Where no account belongs to the owner, root's must not stay.
  process.env['HOME'] = user?.home ?? '/';
  for (const name of ['USER', 'LOGNAME']) {
    if (user) process.env[name] = user.name;
    else delete process.env[name];
  }
}

function uncertain({ uid, gid }: Pick<Identity, 'uid' | 'gid'>, why: string, cause?: unknown): IdentityError {
  const message = `user ${uid}, group ${gid} could not be taken for certain: ${why}; the script was not run`;
  return new IdentityError('FASTAGI_IDENTITY', message, { cause });
}

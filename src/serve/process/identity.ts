import { readFileSync } from 'node:fs';
import { IdentityError } from '../../ground/errors';
import { runtimeName } from '../../ground/runtime';
import { accountFilesTellAll, accountOf, findAccount, groupsOf, type Account } from '../../ground/accounts';
import type { LocatedScript } from '../../script/locate';
import { doubt } from '../../script/doubt';
import { canGuardModules } from '../../script/module-guard';
import { distrust } from '../../ground/trust';

/** Whom a script runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Why it is not the owner, in a line for the log. */
  readonly reason: string | undefined;
  readonly account?: Account | undefined;
}

/** The settings that decide whom a script may run as. */
export interface IdentityRules {
  readonly setuid: boolean;
  readonly root: boolean;
  readonly leastUid: number;
  readonly allowUsers: readonly string[];
}

/**
 * Whom a script should run as; undefined to stay who we are. Throws IdentityError.
 * @param master who besides root could have written the settings: they decide for nobody else
 */
export function chooseIdentity(script: LocatedScript, rules: IdentityRules, master: 'root' | number = 'root'): Identity | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  if (!rules.setuid) return master === 'root' ? undefined : identityOf(master);
  const { path, name, uid, gid } = script;
  const account = accountOf(uid);
  const why = refusedOwner(uid, account, rules) ?? overruled(uid, master) ?? distrusted(path, uid, account);
  if (why !== undefined) return nobody(`${name} runs as nobody, not as ${uid === 0 ? 'root' : (account?.name ?? `user ${uid}`)}: ${why}`);
  return { uid, gid: account ? groupFor(account, gid) : nobodysAccount().gid, reason: undefined, account };
}

/** A user with the user's own group. */
export function identityOf(uid: number): Identity {
  const account = accountOf(uid);
  return { uid, gid: account?.gid ?? nobodysAccount().gid, reason: undefined, account };
}

/** Does something as a user, and is root again behind it. Throws IdentityError under a Node that refuses to change users. */
export function actAs<T>(identity: Identity, act: () => T): T {
  const groups = process.getgroups?.() ?? [];
  try {
    process.setgroups?.(knownGroups(identity) ?? [identity.gid]);
    process.setegid?.(identity.gid);
    process.seteuid?.(identity.uid);
  } catch (cause) {
    throw uncertain(identity, (cause as Error).message, cause);
  }
  try {
    return act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}

function overruled(uid: number, master: 'root' | number): string | undefined {
  if (master === 'root' || uid === master) return undefined;
  return `user ${master} could have written the configuration, and decides for nobody else; chown root its file and directories`;
}

/** Why an owner is nobody whom a script runs as. */
function refusedOwner(uid: number, account: Account | undefined, { root, leastUid, allowUsers }: IdentityRules): string | undefined {
  if (uid === 0) {
    if (!root) return "root's scripts run as root only with [fastagi] root = true; chown it to whom it should run as";
    return canGuardModules()
      ? undefined
      : `under ${runtimeName()} nobody can say what a script of root's loads; use Node 22.15, 24 or later`;
  }
  if (uid >= leastUid || (account && allowUsers.includes(account.name))) return undefined;
  return `its user id is below ${leastUid}; chown it to another user, or name the user in [fastagi] allow_users, or set least_uid`;
}

function distrusted(path: string, uid: number, account: Account | undefined): string | undefined {
  const found = distrust(path, uid, account);
  return found && `${found.why}; ${found.remedy}`;
}

/** The owner's own group; the file's, where the owner is a member of it. */
function groupFor({ name, gid }: Account, fileGid: number): number {
  return fileGid !== 0 && fileGid !== gid && groupsOf(name).includes(fileGid) ? fileGid : gid;
}

function nobody(reason: string): Identity {
  const account = nobodysAccount(reason);
  return { uid: account.uid, gid: account.gid, reason, account };
}

function nobodysAccount(reason = 'an owner has no account'): Account {
  const account = findAccount(({ name }) => name === 'nobody');
  if (!account) throw new IdentityError('FASTAGI_IDENTITY', `${reason}. But /etc/passwd has no nobody`);
  return account;
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
export function confirmIdentity(identity: Identity): void {
  verify(identity, knownGroups(identity));
  describe(identity.account ?? askForUser());
}

/** The groups of this identity as far as the files tell; undefined where the C library has to be asked. */
export function knownGroups({ uid, gid, account = findAccount((candidate) => candidate.uid === uid) }: Identity): number[] | undefined {
  if (!accountFilesTellAll()) return undefined;
  return account ? [...new Set([gid, account.gid, ...groupsOf(account.name)])] : [gid];
}

/**
 * Becomes this identity for good, with the groups that the user is in. Throws IdentityError where that is not
 * certain; the script must not be run then.
 */
export function assumeIdentity(identity: Identity): void {
  const { uid, gid } = identity;
  try {
    const groups = knownGroups(identity);
    // From here on root is kept only until setuid.
    if (groups) process.setgroups?.(groups);
    else askForGroups(uid, gid);
    process.setgid?.(gid);
    process.setuid?.(uid);
    verify(identity, groups);
    describe(identity.account ?? askForUser());
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    throw uncertain(identity, (cause as Error).message, cause);
  }
}

type User = Pick<Account, 'name' | 'home'>;

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

function verify(identity: Identity, groups: readonly number[] | undefined): void {
  const why = doubt(readFileSync('/proc/self/status', 'utf8'), identity, groups);
  if (why !== undefined) throw uncertain(identity, why);
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

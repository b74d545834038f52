import { readFileSync } from 'node:fs';
import { IdentityError } from '../ground/errors';
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
  const entry = accounts().find(([name]) => name === 'nobody');
  if (!entry) throw new IdentityError('FASTAGI_IDENTITY', `${reason}. But /etc/passwd has no nobody`);
  return { uid: Number(entry[2]), gid: Number(entry[3]), reason };
}

function accounts(): string[][] {
  return readFileSync('/etc/passwd', 'latin1')
    .split('\n')
    .map((line) => line.split(':'));
}

/**
 * Becomes this identity for good, with the groups that the user is in. Throws IdentityError where that is not
 * certain; the script must not be run then.
 */
export function assumeIdentity(identity: Identity): void {
  const { uid, gid } = identity;
  try {
    const user = process.getBuiltinModule('node:os');
    takeGroups(uid, gid);
    process.setgid?.(gid);
    process.setuid?.(uid);
    verify(uid, gid);
    describe(user);
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    throw uncertain(identity, (cause as Error).message, cause);
  }
}

function takeGroups(uid: number, gid: number): void {
  // From here on root is kept only until setuid.
  try {
    process.initgroups?.(uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_CREDENTIAL') throw error;
    // An owner that no account belongs to has no further groups.
    process.setgroups?.([gid]);
  }
}

function verify(uid: number, gid: number): void {
  const identity = { uid, gid };
  const status = readFileSync('/proc/self/status', 'latin1');
  const isAll = (name: string, id: number): boolean => status.includes(`\n${name}:\t${id}\t${id}\t${id}\t${id}\n`);
  if (!isAll('Uid', uid) || !isAll('Gid', gid)) throw uncertain(identity, 'the kernel names another one');
  if (uid !== 0 && (hasCapabilities(status) || canBecomeRoot())) throw uncertain(identity, 'root could be regained');
}

function hasCapabilities(status: string): boolean {
  return !/\nCapPrm:\t0+\n/.test(status) || !/\nCapEff:\t0+\n/.test(status);
}

function canBecomeRoot(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return false;
  }
}

function describe({ userInfo }: typeof import('node:os')): void {
  try {
    const { username, homedir } = userInfo();
    Object.assign(process.env, { USER: username, LOGNAME: username, HOME: homedir });
  } catch {
    // No account belongs to the owner; root's must not stay.
    Object.assign(process.env, { HOME: '/' });
    delete process.env['USER'];
    delete process.env['LOGNAME'];
  }
}

function uncertain({ uid, gid }: Pick<Identity, 'uid' | 'gid'>, why: string, cause?: unknown): IdentityError {
  const message = `user ${uid}, group ${gid} could not be taken for certain: ${why}; the script was not run`;
  return new IdentityError('FASTAGI_IDENTITY', message, { cause });
}

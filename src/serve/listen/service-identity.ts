import { readdirSync, readFileSync } from 'node:fs';
import type { Settings } from '../../config/settings';
import { accountNamed, groupNamed } from '../../ground/accounts';
import { ConfigError, IdentityError } from '../../ground/errors';
import { doubt } from '../../script/doubt';
import type { Identity } from '../process/identity';

/**
 * Whom a service becomes that was started as root; undefined for one that was started as somebody else. Throws ConfigError: root serves no
 * calls.
 */
export function serviceIdentity({ fastagi }: Settings, master: 'root' | number): Identity | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const { user, group } = fastagi;
  if (user === undefined)
    throw wrong(
      'listen was started as root, and serves no calls as root: write user = asterisk into [fastagi], or start it as another user',
    );
  const account = accountNamed(user);
  if (!account) throw wrong(`[fastagi] user = ${user}: there is no such account in /etc/passwd: adduser --system ${user}, or name another`);
  if (account.uid === 0) throw wrong(`[fastagi] user = ${user} is root, who serves no calls; name another`);
  if (master !== 'root' && master !== account.uid)
    throw wrong(
      `user ${master} could have written the configuration, and so may not name ${user} in it; chown root its file and directories`,
    );
  const gid = group === undefined ? account.gid : groupNamed(group);
  if (gid === undefined)
    throw wrong(`[fastagi] group = ${group}: there is no such group in /etc/group: addgroup --system ${group}, or name another`);
  if (gid === 0) throw wrong(`[fastagi] group = ${group ?? `(the own group of ${user})`} is root's; name another`);
  return { uid: account.uid, gid, reason: undefined, account };
}

/** Makes sure that no thread of this process is anybody else, or can be. Throws IdentityError. */
export function verifyThreads(identity: Identity): void {
  for (const thread of readdirSync('/proc/self/task')) {
    const why = doubt(readFileSync(`/proc/self/task/${thread}/status`, 'latin1'), identity, undefined);
    if (why === undefined) continue;
    throw new IdentityError(
      'FASTAGI_IDENTITY',
      `user ${identity.uid} could not be taken for certain by every thread: ${why}; no call is served`,
    );
  }
}

function wrong(message: string): ConfigError {
  return new ConfigError('FASTAGI_LISTEN_USER', message);
}

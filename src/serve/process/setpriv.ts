import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { IdentityError } from '../../ground/errors';
import { ownFiles } from '../../ground/own-command';
import { knownGroups, type Identity } from './identity';

const places = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv', '/sbin/setpriv'];

/** What a Node that refuses to change users needs, for messages. */
export const otherNode = 'use a Node with its own libuv (from nodejs.org or NodeSource), and name it in the service file';

/**
 * The beginning of a command line that runs the rest of it, this program, under this identity, for good.
 * Throws IdentityError where setpriv is missing, or the user could not run these files.
 * @see setpriv(1)
 */
export function setprivCommand(identity: Identity): string[] {
  const setpriv = places.find((path) => may(path, constants.X_OK));
  if (setpriv === undefined) {
    throw refused(identity, `setpriv, which could do it, is not there: apt-get install util-linux, or ${otherNode}`);
  }
  const { uid, gid } = identity;
  const command = [
    setpriv, `--reuid=${uid}`, `--regid=${gid}`, groups(identity), '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--',
  ]; // prettier-ignore
  tryCommand(identity, command);
  return command;
}

function groups(identity: Identity): string {
  const known = knownGroups(identity);
  if (known) return `--groups=${known.join(',')}`;
  // Whatever source of accounts the system has; an owner that no account belongs to has no further groups.
  const hasAccount = spawnSync('getent', ['passwd', String(identity.uid)], { stdio: 'ignore' }).status === 0;
  return hasAccount ? '--init-groups' : `--groups=${identity.gid}`;
}

/** What cannot be started must be known while the call can still be reported. */
function tryCommand(identity: Identity, [setpriv = '', ...options]: readonly string[]): void {
  const [program, files] = [process.execPath, ownFiles()];
  const look = 'test -x "$1" || exit 3; shift; for file do test -r "$file" || exit 4; done';
  const tried = spawnSync(setpriv, [...options, '/bin/sh', '-c', look, 'sh', program, ...files], { encoding: 'utf8' });
  if (tried.status === 0) return;
  const why: Record<number, string> = {
    3: `the user may not run ${program}: install Node where everybody may, or ${otherNode}`,
    4: `the user may not read ${files.join(', ')}: install fastagi where everybody may read it, or ${otherNode}`,
  };
  throw refused(identity, why[tried.status ?? 0] ?? `setpriv failed: ${(tried.stderr || String(tried.error ?? tried.signal)).trim()}`);
}

function refused({ uid, gid }: Identity, why: string): IdentityError {
  const message = `user ${uid}, group ${gid} could not be taken: this Node (${process.execPath}) refuses to change users, and ${why}; the script was not run`;
  return new IdentityError('FASTAGI_IDENTITY', message);
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

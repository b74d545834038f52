import { accountOf } from '../../ground/accounts';
import { ScriptError } from '../../ground/errors';
import { distrust } from '../../ground/trust';
import type { LocatedScript } from '../../script/locate';

/**
 * Throws ScriptError for a script that may not run as whoever this process is.
 * @param setuid whether scripts run as their owners
 */
export function checkMayRun({ path, name, uid }: LocatedScript, setuid: boolean): void {
  const own = process.geteuid?.() ?? 0;
  const account = accountOf(own);
  if (setuid && uid !== own) throw foreign(name, path, uid, own);
  // Of nobody's everybody may have anything.
  if (account?.name === 'nobody') return;
  const found = distrust(path, own, account);
  if (!found || (uid !== own && !distrust(path, uid, accountOf(uid)))) return;
  const message = `${name} is refused: somebody else could have written it, and it would run as ${account?.name ?? `user ${own}`}: ${found.why}; ${found.remedy}`;
  throw new ScriptError('FASTAGI_SCRIPT_UNTRUSTED', message, { status: 'FORBIDDEN' });
}

function foreign(name: string, path: string, uid: number, own: number): ScriptError {
  const [owner, self] = [uid, own].map((id) => accountOf(id)?.name ?? String(id));
  const message =
    `${name} is refused: it is ${owner}'s, and these workers run as ${self}; two ways out: a second service with [fastagi] user = ${owner} ` +
    `(fastagi listen --config FILE --port PORT), or one process a call, which becomes the owner (wait = no, without listen). If it is to run as ${self}: chown ${self} ${path}`;
  return new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', message, { status: 'FORBIDDEN' });
}

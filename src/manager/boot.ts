import { setTimeout as sleep } from 'node:timers/promises';
import { ManagerError } from '../ground/errors';
import { ask, type ActionOptions } from './ask';
import { isRefusal } from './failures';
import type { Session } from './session';

/** How often Asterisk is looked at while it starts, in ms. */
const pause = 250;
/** So long nothing has to change before it counts as started, in ms. */
const quiet = 3000;
/** So long starting may take, in s: an Asterisk that runs for longer has started. */
const longestStart = 60;

/**
 * Waits until Asterisk has started: before, it does not know the actions of modules that are not loaded yet. It says so by the event
 * FullyBooted, but only to users with `read = system`. For others CoreStatus tells that it has been running for long; if it has not, the
 * actions that it knows stop growing. A user who may not ask for that either is let in at once.
 * @param booted settles when the event comes
 * @throws ManagerError if it has not started in time
 */
export async function waitForBoot(
  session: Session,
  where: string,
  booted: Promise<void>,
  how: ActionOptions & { timeout: number },
): Promise<void> {
  const whenBooted = booted.then(() => true);
  if (await Promise.race([whenBooted, hasRunForLong(session, how)])) return;
  const late = Date.now() + how.timeout;
  let since = Date.now();
  for (let known = -1; ;) {
    const count = (await ask(session, 'ListCommands', {}, how)).headers.length;
    if (count !== known) since = Date.now();
    else if (Date.now() - since >= quiet) return;
    known = count;
    if (Date.now() >= late) throw notBooted(where, how.timeout);
    if (await Promise.race([whenBooted, sleep(pause, false, { signal: how.signal })])) return;
    if (session.over) throw session.over;
  }
}

/** Whether Asterisk has been running for long; true as well if the user may not ask. */
async function hasRunForLong(session: Session, how: ActionOptions): Promise<boolean> {
  try {
    const [status, clock] = await Promise.all([ask(session, 'CoreStatus', {}, how), ask(session, 'Ping', {}, how)]);
    const started = Date.parse(`${status.get('CoreStartupDate')}T${status.get('CoreStartupTime')}Z`) / 1000;
    const age = Number(clock.get('Timestamp')) - started;
    // Its own time zone is not told; all are whole quarters of an hour apart.
    return !(((age % 900) + 900) % 900 < longestStart);
  } catch (error) {
    if (isRefusal(error)) return true;
    throw error;
  }
}

/** Asterisk's version, `22.10.1`; undefined if the user may not ask. The banner's is none of Asterisk. */
export async function asteriskVersion(session: Session, how: ActionOptions): Promise<string | undefined> {
  try {
    return (await ask(session, 'CoreSettings', {}, how)).get('AsteriskVersion');
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function notBooted(where: string, timeout: number): ManagerError {
  return new ManagerError(
    'FASTAGI_MANAGER_TIMEOUT',
    `Asterisk at ${where} has not started within ${timeout} ms: it lets users in, but its modules are not loaded`,
  );
}

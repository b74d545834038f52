import { setTimeout as sleep } from 'node:timers/promises';
import { ManagerError } from '../ground/errors';
import { ask, type ActionOptions } from './ask';
import type { Session } from './session';

/** How often Asterisk is asked whether it has started, in ms. */
const pause = 250;

/**
 * Waits until Asterisk has started: before, it does not know the actions of modules that are not loaded yet. It says so by the event
 * FullyBooted to users with `read = system`; others see it by CoreStatus.
 * @param booted settles when the event comes
 * @throws ManagerError if it has not started in time
 */
export async function waitForBoot(
  session: Session,
  where: string,
  booted: Promise<void>,
  how: ActionOptions & { timeout: number },
): Promise<void> {
  const late = Date.now() + how.timeout;
  const whenBooted = booted.then(() => true);
  while (!(await hasStarted(session, how))) {
    if (Date.now() >= late) throw notBooted(where, how.timeout);
    if (await Promise.race([whenBooted, sleep(pause, false, { signal: how.signal })])) return;
    if (session.over) throw session.over;
  }
}

/** Whether Asterisk has started; true as well if the user may not ask. */
async function hasStarted(session: Session, how: ActionOptions): Promise<boolean> {
  try {
    const status = await ask(session, 'CoreStatus', {}, how);
    // Until then its clock stands where time began.
    return Number(status.get('CoreStartupDate')?.slice(0, 4) ?? 9999) > 1970;
  } catch (error) {
    if (error instanceof ManagerError && error.code === 'FASTAGI_MANAGER_PERMISSION') return true;
    if (error instanceof ManagerError && error.reply !== undefined) return false;
    throw error;
  }
}

/** Asterisk's version, `22.10.1`; undefined if the user may not ask. The banner's is none of Asterisk. */
export async function asteriskVersion(session: Session, how: ActionOptions): Promise<string | undefined> {
  try {
    return (await ask(session, 'CoreSettings', {}, how)).get('AsteriskVersion');
  } catch (error) {
    if (error instanceof ManagerError && error.reply !== undefined) return undefined;
    throw error;
  }
}

function notBooted(where: string, timeout: number): ManagerError {
  return new ManagerError(
    'FASTAGI_MANAGER_TIMEOUT',
    `Asterisk at ${where} has not started within ${timeout} ms: it lets users in, but its modules are not loaded`,
  );
}

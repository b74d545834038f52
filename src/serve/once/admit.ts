import { isMailed } from '../../call/is-mailed';
import type { Settings } from '../../config/settings';
import type { LocatedScript } from '../../script/locate';
import { guardModules } from '../../script/module-guard';
import { limitEnvironment } from '../process/environment';
import { assumeIdentity, chooseIdentity, confirmIdentity, isRefusal, type Identity } from '../process/identity';
import { hasTerminal } from '../process/stdio';
import type { HandedCall } from './handed-call';
import type { Once } from './once';
import { forgetSecrets } from '../process/secrets';

/**
 * Becomes whom the script runs as. Throws IdentityError.
 * @returns whom another process has to be instead: this Node refuses to change users, or this process has a terminal
 */
export async function admit(once: Once, network: boolean, script: LocatedScript): Promise<Identity | undefined> {
  const { settings, master } = once;
  const identity = chooseIdentity(script, settings.fastagi, master);
  if (identity?.reason !== undefined) once.log.warn(identity.reason);
  if (identity?.uid === 0) guardModules();
  else if (identity && !(await become(once, network, identity))) return identity;
  limitEnvironment(settings.fastagi.environment, !network);
  return undefined;
}

/** @returns whether this process could */
async function become(once: Once, network: boolean, identity: Identity): Promise<boolean> {
  once.log.become(identity);
  if (once.settings.fastagi.record !== undefined)
    (await import('../../call/record/cassette-files')).prepareRecordings(once.settings, identity, once.log);
  if (isMailed(once.settings)) (await import('./prepare-mails')).prepareMails(once, identity);
  // Whoever has root's terminal can type into root's shell.
  if (!network && hasTerminal()) return false;
  try {
    assumeIdentity(identity);
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
  forgetSecrets(once, identity);
  return true;
}

/** The second start decides nothing anew, and makes sure of who it is. Throws IdentityError. */
export function resume({ identity }: HandedCall, network: boolean, { fastagi }: Settings): undefined {
  confirmIdentity(identity);
  limitEnvironment(fastagi.environment, !network);
}

import type { Log } from '../../ground/log';
import { makeDirectory, makeOwnDirectory, type Owner } from '../../ground/own-directory';

/** Only root can make anything there. Not in memory, as /run is: what a user's script puts into the user's own may be much. */
const parent = '/var/lib/fastagi';

/** Where a user's mails on errors are counted. */
export function countsOf(uid: number, within = parent): string {
  return `${within}/${nameOf(uid)}`;
}

function nameOf(uid: number): string {
  return `mails-${uid}`;
}

/**
 * Makes the directory in which a user's mails on errors are counted, for root before it becomes that user: where others may make things,
 * one that another user made would keep errors from being mailed.
 */
export function makeCounts(owner: Owner, within = parent): void {
  makeDirectory(within, 0o755);
  makeOwnDirectory(within, nameOf(owner.uid), owner);
}

/** Without them mails are sent all the same. */
export function tryMakeCounts(identity: Owner, log: Log, within?: string): void {
  try {
    makeCounts(identity, within);
  } catch (error) {
    log.warn(`mails on errors may not be counted: ${(error as Error).message}`);
  }
}

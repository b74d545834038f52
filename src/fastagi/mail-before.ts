import { statSync } from 'node:fs';
import { holdsPassword } from '../config/secrets';
import type { Identity } from '../script/identity';
import type { Call } from './call';
import { tryMakeCounts } from './mail-counts';
import { startMailer } from './mail-sender';
import { isListed, type User } from './secrets';

/** For root, who is about to become a user, and of whom nothing is left when that user's script has failed. */
export function prepareMails(call: Call, identity: Identity): void {
  try {
    keepMailServer(call, identity);
  } catch (error) {
    call.log.warn(`an error of this call cannot be mailed: ${(error as Error).message}`);
  }
  tryMakeCounts(identity, call.log);
}

/**
 * Starts what mails for a user that may not have the mail server's password. Not where everybody may read
 * the configuration, or it is the user's; whether its groups may is not worth asking.
 */
function keepMailServer(call: Call, user: User): void {
  const { settings, settingsFile } = call;
  if (settingsFile === undefined || !holdsPassword(settings.phpagi.smtp) || isListed(call, user)) return;
  if (statSync(settingsFile).uid !== user.uid) call.mailer = startMailer(settingsFile, user.uid);
}

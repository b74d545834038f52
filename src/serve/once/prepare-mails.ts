import { statSync } from 'node:fs';
import { holdsPassword } from '../../config/secrets';
import type { Identity } from '../process/identity';
import type { Once } from './once';
import { tryMakeCounts } from '../../call/mail/counts';
import { startMailer } from './mailer';
import { isListed, type User } from '../process/secrets';

/** For root, who is about to become a user, and of whom nothing is left when that user's script has failed. */
export function prepareMails(once: Once, identity: Identity): void {
  try {
    keepMailServer(once, identity);
  } catch (error) {
    once.log.warn(`an error of this call cannot be mailed: ${(error as Error).message}`);
  }
  tryMakeCounts(identity, once.log);
}

/**
 * Starts what mails for a user that may not have the mail server's password. Not where everybody may read
 * the configuration, or it is the user's; whether its groups may is not worth asking.
 */
function keepMailServer(once: Once, user: User): void {
  const { settings, settingsFile } = once;
  if (settingsFile === undefined || !holdsPassword(settings.phpagi.smtp) || isListed(once.settings, user)) return;
  if (statSync(settingsFile).uid !== user.uid) once.mailer = startMailer(settingsFile, user.uid);
}

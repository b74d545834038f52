import { mailFailed } from '../../call/mail/mail';
import { tryMakeCounts } from '../../call/mail/counts';
import type { FailedCall } from '../../call/mail/text';
import { assumeIdentity, identityOf } from '../process/identity';
import { sendBy } from './mailer';
import type { Once } from './once';

/** Mails a failed call to `[phpagi] admin`, as whoever may. What goes wrong with that is a line in the log. */
export async function mailCall({ settings, log, master, mailer }: Once, failed: FailedCall): Promise<void> {
  // A call that was refused is still root's; what it mails with is named by whoever wrote the settings.
  if (master !== 'root' && process.geteuid?.() === 0) {
    const identity = identityOf(master);
    tryMakeCounts(identity, log);
    assumeIdentity(identity);
  }
  await mailFailed(failed, settings, log, mailer && ((mail) => sendBy(mailer, mail)));
}

import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import type { Settings } from '../../config/settings';
import { accountOf } from '../../ground/accounts';
import type { Log } from '../../ground/log';
import { distrustedPath } from '../../ground/trust';
import { mayMail } from './limit';
import { placeOf } from '../../script/source-place';
import { mailOf, textOf, type FailedCall, type Mail } from './text';

/** So long a mail may take, in ms; the call is over by then. */
const patience = 20_000;

/**
 * Mails a failed call to `[phpagi] admin`. What goes wrong with that is a line in the log.
 * @param send sends the mail for whoever may not have the mail server's password
 */
export async function mailFailed(
  failed: FailedCall,
  { phpagi, fastagi }: Settings,
  log: Log,
  send?: (mail: Mail) => Promise<void>,
): Promise<void> {
  try {
    const place = placeOf(failed.outcome.error, fastagi.basedir);
    const mail = mailOf(failed, place, fastagi.basedir, phpagi.hostname ?? hostname());
    if (send) return await send(mail);
    if (phpagi.smtp === '')
      throw new Error(
        `user ${process.env['USER'] ?? process.geteuid?.()} may not have [phpagi] smtp; name the user in [fastagi] secrets_for`,
      );
    await sendMail(mail, phpagi, log);
  } catch (error) {
    log.error(`the mail to ${phpagi.admin} could not be sent: ${(error as Error).message}${remedyFor(error)}`);
  }
}

/** A server of one's own, on this machine say, often vouches for itself. */
function remedyFor(error: unknown): string {
  const isUntrusted = /self[- ]signed certificate|unable to verify|Hostname\/IP does not match/.test((error as Error).message);
  return isUntrusted ? '; if it is your own server, end [phpagi] smtp with /?tls.rejectUnauthorized=false' : '';
}

/** Sends a mail, unless too many on the same error were. Throws where it cannot be sent. */
export async function sendMail(mail: Mail, { admin, hostname: named, smtp, sendmail }: Settings['phpagi'], log: Log): Promise<void> {
  const allowed = allow(mail.kind, log);
  if (admin === undefined || !allowed) return;
  const transport =
    smtp === undefined
      ? createTransport({ sendmail: true, path: trusted(sendmail), newline: 'unix' })
      : createTransport({ url: smtp, connectionTimeout: patience, socketTimeout: patience });
  const sent = transport.sendMail({
    from: `fastagi@${named ?? hostname()}`,
    to: admin,
    subject: mail.subject,
    text: textOf(mail, allowed.heldBack),
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
  await Promise.race([sent, tooLate()]);
}

/** A program that nobody but root and whoever runs it could have exchanged. Throws for another. */
function trusted(program: string): string {
  if (!program.startsWith('/')) throw new Error(`[phpagi] sendmail is ${program}; write its whole path, from / on`);
  const uid = process.geteuid?.() ?? 0;
  const found = distrustedPath(program, uid, accountOf(uid));
  if (found) throw new Error(`${program} is not trusted: ${found.why}; ${found.remedy}`);
  return program;
}

/** Where another user made the directory for the counts, mails are not counted: nobody may silence somebody else's errors. */
function allow(kind: string, log: Log): { heldBack: number } | undefined {
  try {
    return mayMail(kind);
  } catch (error) {
    log.warn(`mails on errors are not counted, and none is held back: ${(error as Error).message}`);
    return { heldBack: 0 };
  }
}

/** Not even a sendmail that hangs may hold the process. */
function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`it took longer than ${patience / 1000} s`)), patience).unref();
  });
}

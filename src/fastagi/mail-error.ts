import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import type { Settings } from '../config/settings';
import { accountOf } from '../ground/accounts';
import type { Log } from '../ground/log';
import { distrustedPlace } from '../ground/trust';
import { mayMail } from './mail-limit';
import { placeOf } from './mail-place';
import { bodyOf, kindOf, subjectOf, type FailedCall } from './mail-text';

/** So long a mail may take, in ms; the call is over by then. */
const patience = 20_000;

/** Mails a failed call to `[phpagi] admin`. What goes wrong with that is a line in the log. */
export async function mailError(
  failed: Omit<FailedCall, 'host'>,
  { admin, hostname: named, smtp, sendmail }: Settings['phpagi'],
  log: Log,
  basedir: string,
): Promise<void> {
  if (admin === undefined) return;
  const call = { ...failed, host: named ?? hostname() };
  try {
    const place = placeOf(call.outcome.error, basedir);
    const allowed = allow(kindOf(call, place), log);
    if (!allowed) return;
    const transport =
      smtp === undefined
        ? createTransport({ sendmail: true, path: trusted(sendmail), newline: 'unix' })
        : createTransport({ url: smtp, connectionTimeout: patience, socketTimeout: patience });
    const sent = transport.sendMail({
      from: `fastagi@${call.host}`,
      to: admin,
      subject: subjectOf(call, place),
      text: bodyOf(call, place, allowed.heldBack),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    await Promise.race([sent, tooLate()]);
  } catch (error) {
    log.error(`the mail to ${admin} could not be sent: ${(error as Error).message}`);
  }
}

/** A program that nobody but root and whoever runs it could have exchanged. Throws for another. */
function trusted(program: string): string {
  if (!program.startsWith('/')) throw new Error(`[phpagi] sendmail is ${program}; write its whole path, from / on`);
  const uid = process.geteuid?.() ?? 0;
  const found = distrustedPlace(program, uid, accountOf(uid));
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

import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { readSettings } from '../config/read-settings';
import type { CommandEnd } from './start';
import { sendMail } from '../call/mail/mail';
import type { Mail } from '../call/mail/text';
import { silent } from '../ground/log';
import { oneLine } from '../ground/visible';

/** More than a mail on an error has. */
const largest = 1_000_000;

/**
 * Sends one mail for the process of a script's user, who may not have the mail server's password. What comes is that user's, and only a
 * subject and a text are taken of it. Says on standard output why it could not be sent.
 */
export async function sendMailFor(uid: number, config: string): Promise<CommandEnd> {
  try {
    const { phpagi } = readSettings({ config });
    const mail = parseMail(await firstLine());
    // Nobody holds back another's mails, nor has root keep any number of counts.
    const kind = createHash('sha256').update(mail.kind).digest('hex').slice(0, 3);
    await sendMail({ ...mail, kind: `${uid} ${kind}`, subject: oneLine(mail.subject) }, phpagi, silent);
    return { status: 0 };
  } catch (error) {
    return { status: 111, out: [oneLine((error as Error).message)] };
  }
}

async function firstLine(): Promise<string> {
  let size = 0;
  process.stdin.on('data', (bytes: Buffer) => {
    size += bytes.length;
    if (size > largest) process.stdin.destroy();
  });
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new Error('no mail came');
}

function parseMail(text: string): Mail {
  const [kind, subject, summary, details] = JSON.parse(text) as unknown[];
  return { kind: String(kind), subject: String(subject), summary: String(summary), details: String(details) };
}

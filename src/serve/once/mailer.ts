import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { ownCommand } from '../../ground/own-command';
import type { Mail } from '../../call/mail/text';

/** What mails for a script's user who may not have the mail server's password: a process that root started before. */
export interface Mailer {
  readonly input: Writable;
  /** Why a mail could not be sent comes there. */
  readonly output: Readable;
}

/** In ms. The mailer itself gives up before. */
const patience = 25_000;

/**
 * Starts it, as root. It is a shell that waits until there is a mail, which is cheap; it ends with this process.
 * @param config the configuration's file, which it reads anew
 */
export function startMailer(config: string, uid: number): Mailer {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const program = [...ownCommand(), 'send-mail', String(uid), '--config', config];
  const child: ChildProcess = spawn('/bin/sh', ['-c', 'IFS= read -r go && exec "$@"', 'sh', ...program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    detached: true,
  });
  const mailer = { input: child.stdin as Writable, output: child.stdout as Readable };
  child.unref();
  for (const stream of [child, mailer.input, mailer.output]) stream.on('error', () => undefined);
  letGo(mailer);
  return mailer;
}

/** The same mailer, in the process that goes on with the call. */
export function takeMailer(input: number, output: Readable): Mailer {
  const mailer = { input: createWriteStream('', { fd: input }), output };
  for (const stream of Object.values(mailer)) stream.on('error', () => undefined);
  letGo(mailer);
  return mailer;
}

/** It keeps no process that has ended its call. */
function letGo(mailer: Mailer): void {
  for (const stream of Object.values(mailer) as { unref?: () => void }[]) stream.unref?.();
}

/** Has a mail sent. Throws where that fails. */
export function sendBy({ input, output }: Mailer, mail: Mail): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`it took longer than ${patience / 1000} s`)), patience);
    output.on('data', (bytes: Buffer) => (said = (said + String(bytes)).slice(0, 1000)));
    output.once('close', () => {
      clearTimeout(timer);
      if (said === '') resolve();
      else reject(new Error(said.trim()));
    });
    input.write(`go\n${JSON.stringify([mail.kind, mail.subject, mail.summary, mail.details])}\n`);
  });
}

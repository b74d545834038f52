import { spawn, type ChildProcess } from 'node:child_process';
import { freePort, stopProcess, untilListening } from './super-server';

const python = '/usr/bin/python3';

/** A real mail server on a port of its own, and the mails it took. */
export interface MailServer {
  readonly port: number;
  mails(): string[];
  stop(): Promise<void>;
}

export async function startSmtp(): Promise<MailServer> {
  const port = await freePort();
  const child: ChildProcess = spawn(
    python,
    ['-u', '-m', 'aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, '-c', 'aiosmtpd.handlers.Debugging', 'stdout'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let output = '';
  child.stdout?.on('data', (bytes: Buffer) => (output += String(bytes)));
  await untilListening(child, port, '127.0.0.1');
  const mails = () => [...output.matchAll(/-+ MESSAGE FOLLOWS -+\n([^]*?)-+ END MESSAGE -+\n/g)].map(([, mail]) => decoded(mail ?? ''));
  return { port, mails, stop: () => stopProcess(child) };
}

function decoded(mail: string): string {
  if (!/quoted-printable/i.test(mail)) return mail;
  return mail.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

import { spawn, type ChildProcess } from 'node:child_process';
import { freePort, stopProcess, untilListening } from './super-server';

const python = '/usr/bin/python3';

/** A real mail server on a port of its own, and the mails it took. */
export interface MailServer {
  readonly port: number;
  mails(): string[];
  stop(): Promise<void>;
}

/** @param login without which it takes no mail */
export async function startSmtp(login?: { user: string; password: string }): Promise<MailServer> {
  const port = await freePort();
  const args = login ? [String(port), login.user, login.password] : [String(port)];
  const child: ChildProcess = spawn(python, ['-u', '-c', server, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
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

const server = `
import asyncio, sys
from aiosmtpd.smtp import SMTP, AuthResult
from aiosmtpd.handlers import Debugging
port, *login = sys.argv[1:]
def check(server, session, envelope, mechanism, data):
    return AuthResult(success=[data.login.decode(), data.password.decode()] == login)
def make():
    if not login: return SMTP(Debugging(sys.stdout))
    return SMTP(Debugging(sys.stdout), authenticator=check, auth_required=True, auth_require_tls=False)
async def main():
    server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', int(port))
    await server.serve_forever()
asyncio.run(main())`;

import { spawn, type ChildProcess } from 'node:child_process';
import { certificate } from './certificate';
import { freePort, untilListening } from '../../scripts/ports.mjs';
import { stopProcess } from './super-server';

const python = '/usr/bin/python3';

/** A real mail server on a port of its own, and the mails it took. */
export interface MailServer {
  readonly port: number;
  mails(): string[];
  stop(): Promise<void>;
}

export interface MailServerOptions {
  /** Without it, it takes no mail. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Whether it speaks TLS from the first byte on, or takes nothing before STARTTLS; with the certificate of certificate.ts. */
  readonly tls?: 'implicit' | 'starttls';
}

export async function startSmtp({ login, tls }: MailServerOptions = {}): Promise<MailServer> {
  const port = await freePort();
  const args = [String(port), tls ?? '', certificate.cert, certificate.key, ...(login ? [login.user, login.password] : [])];
  const child: ChildProcess = spawn(python, ['-u', '-c', server, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout?.on('data', (bytes: Buffer) => (output += String(bytes)));
  await untilListening(port, '127.0.0.1', child);
  const mails = () => [...output.matchAll(/-+ MESSAGE FOLLOWS -+\n([^]*?)-+ END MESSAGE -+\n/g)].map(([, mail]) => decoded(mail ?? ''));
  return { port, mails, stop: () => stopProcess(child) };
}

function decoded(mail: string): string {
  if (!/quoted-printable/i.test(mail)) return mail;
  return mail.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const server = `
import asyncio, ssl, sys, tempfile
from aiosmtpd.smtp import SMTP, AuthResult
from aiosmtpd.handlers import Debugging
port, tls, cert, key, *login = sys.argv[1:]
context = None
if tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile('w') as file:
        file.write(cert + key)
        file.flush()
        context.load_cert_chain(file.name)
def check(server, session, envelope, mechanism, data):
    return AuthResult(success=[data.login.decode(), data.password.decode()] == login, handled=False)
def make():
    options = dict(tls_context=context, require_starttls=True) if tls == 'starttls' else dict()
    if login: options.update(authenticator=check, auth_required=True, auth_require_tls=tls == 'starttls')
    return SMTP(Debugging(sys.stdout), **options)
async def main():
    server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', int(port), ssl=context if tls == 'implicit' else None)
    await server.serve_forever()
asyncio.run(main())`;

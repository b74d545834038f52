import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { ManagerError, UsageError } from '../ground/errors';
import { oneLine } from '../ground/visible';
import { printServer } from './wire/server-address';

/** Where the manager listens. */
export interface ManagerServer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** A file with the certificates to trust instead of the system's (PEM). */
  readonly tlsCa: string | undefined;
  /** The name that its certificate must bear, if it is not the host's. */
  readonly tlsName: string | undefined;
}

/** A connected socket, TLS's handshake included. @param timeout in ms @throws ManagerError, the signal's reason */
export async function connectTo(server: ManagerServer, timeout: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = server.tls ? await startTls(server) : connectPlain(server.port, server.host);
  const ready = server.tls ? 'secureConnect' : 'connect';
  const where = printServer(server.host, server.port);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => give(timedOut(where, timeout)), timeout);
    const give = (error: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.off('error', fail).off('close', close).off(ready, give);
      if (!error) return resolve();
      // What the handshake may still complain of is known already.
      socket.on('error', () => undefined).destroy();
      reject(error instanceof Error ? error : new Error('stopped', { cause: error }));
    };
    const fail = (cause: Error): void => give(unreachable(where, server, cause));
    const close = (): void => give(unreachable(where, server, new Error('it closed the connection')));
    const stop = (): void => give(signal.reason);
    signal.addEventListener('abort', stop);
    socket
      .once('error', fail)
      .once('close', close)
      .once(ready, () => give(undefined));
  });
  return socket.setNoDelay(true).setKeepAlive(true, 30_000);
}

async function startTls({ host, port, tlsCa, tlsName }: ManagerServer): Promise<Socket> {
  const { checkServerIdentity, connect } = await import('node:tls');
  const ca = tlsCa === undefined ? {} : { ca: readCertificates(tlsCa) };
  const name = tlsName ?? host;
  return connect({
    host,
    port,
    ...ca,
    ...(isIP(name) ? {} : { servername: name }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  });
}

function readCertificates(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError('FASTAGI_MANAGER_CA', `the certificates in ${file} cannot be read: ${(cause as Error).message}; correct tls_ca`, {
      cause,
    });
  }
}

function timedOut(where: string, timeout: number): ManagerError {
  return new ManagerError(
    'FASTAGI_MANAGER_TIMEOUT',
    `Asterisk's manager at ${where} could not be connected within ${timeout} ms; look at server and port, and at the firewall`,
  );
}

function unreachable(where: string, { tls }: ManagerServer, cause: Error): ManagerError {
  const { code = '', reason = cause.message || code } = cause as NodeJS.ErrnoException & { reason?: string };
  return new ManagerError(
    'FASTAGI_MANAGER_UNREACHABLE',
    `Asterisk's manager at ${where} cannot be reached: ${oneLine(reason)}; ${remedy(tls, code)}`,
    {
      cause,
    },
  );
}

function remedy(tls: boolean, code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'name the server as its certificate does, in server or in tls_name';
  if (/CERT|SELF_SIGNED|ISSUER|CA_/.test(code)) return 'name the file with the certificate that signed its own in tls_ca';
  if (tls && /SSL|PROTO/.test(code)) return 'the port does not speak TLS: correct port (5039 by default) or tls';
  return 'look at [general] enabled, bindaddr and port in manager.conf';
}

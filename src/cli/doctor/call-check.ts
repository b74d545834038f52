import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isListed } from '../../call/peer';
import { connectCall } from '../../testing/asterisk/connect-call';
import { accountNamed } from '../../ground/accounts';
import type { Place, Service } from '../services/finding';
import { ok, warning, wrong, type Check, type Patient, type Result } from './diagnosis';
import { printPlace } from './service-checks';

/** So long a call may take, in ms: Asterisk itself waits 2 s for a connection. */
const patience = 15_000;

/** Says whom it runs as. */
const script = 'export default (agi) => agi.setVariable("FASTAGIDOCTOR", `${process.geteuid()}`);\n';

/** A call through the real port, to a script that is there for it only. */
export const callCheck: Check = { name: 'call', run: tryCall };

async function tryCall({ services, settings }: Patient): Promise<Result[]> {
  const service = services.find(({ isOffered, listens }) => isOffered && listens.length > 0);
  const place = service?.listens[0];
  if (!service || !place) return [wrong('no call was tried, as no service is offered: see above')];
  const { allow, basedir } = settings.fastagi;
  if (allow.length > 0 && !isListed('127.0.0.1', allow, 'allow'))
    return [warning('no call was tried, as [fastagi] allow does not list this machine: 127.0.0.1')];
  const name = `fastagi-doctor-${randomBytes(6).toString('hex')}`;
  const file = join(basedir, `${name}.mjs`);
  try {
    writeFileSync(file, script, { mode: 0o644, flag: 'wx' });
    giveTo(workersUser(service, settings.fastagi.user), file);
  } catch (error) {
    return [
      warning(`no call was tried, as its script could not be written: ${(error as Error).message}; run it as root: sudo fastagi doctor`),
    ];
  }
  try {
    return [await call(place, name, settings.fastagi.proxyProtocol, service.workersStartAs === undefined ? "root's run" : 'all run')];
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whom the workers of a service run as; undefined if it has none. @param named `[fastagi] user`, which root becomes */
export function workersUser({ workersStartAs: user }: Service, named: string | undefined): string | undefined {
  return user === 'root' || user === '0' ? named : user;
}

/** Workers refuse what belongs to somebody else. */
function giveTo(user: string | undefined, file: string): void {
  const account = user === undefined ? undefined : accountNamed(user);
  if (account && process.geteuid?.() === 0) chownSync(file, account.uid, account.gid);
}

async function call(place: Place, name: string, proxies: readonly string[], whose: string): Promise<Result> {
  const host = place.host === undefined || place.host === '0.0.0.0' ? '127.0.0.1' : place.host;
  const where = printPlace({ host, port: place.port });
  const started = performance.now();
  const socket = connect({ host, port: place.port, timeout: patience });
  // As a proxy on this machine would.
  if (isListed('127.0.0.1', proxies, 'proxy_protocol')) socket.write(`PROXY TCP4 127.0.0.1 127.0.0.1 4573 ${place.port}\r\n`);
  const asterisk = connectCall(socket, { script: name, values: { channel: 'Local/doctor' } });
  let first: number | undefined;
  socket
    .once('data', () => (first = performance.now() - started))
    .once('timeout', () => socket.destroy(new Error(`nothing came for ${patience / 1000} s`)));
  let failure: Error | undefined;
  socket.once('error', (error) => (failure = error));
  await once(socket, 'close').catch(() => undefined);
  asterisk.end();
  if (failure) return wrong(`a call to ${where} fails: ${failure.message}`);
  const { variables } = asterisk.channel;
  const [status, why, uid] = ['FASTAGISTATUS', 'FASTAGIERROR', 'FASTAGIDOCTOR'].map((variable) => variables.get(variable));
  if (status === 'SUCCESS' && uid !== undefined)
    return ok(`a call to ${where} reaches its script in ${Math.round(first ?? 0)} ms; ${whose} as user ${uid}`);
  if (status === 'NOTFOUND')
    return wrong(
      `a call to ${where} finds no script: the service looks elsewhere: compare basedir, and --config and --basedir in the service file`,
    );
  if (status !== undefined) return wrong(`a call to ${where} ends with ${status}: ${why ?? ''}`);
  return wrong(
    `a call to ${where} is closed before it begins: only_from of the service may not list 127.0.0.1; else the log of the super-server says why`,
  );
}

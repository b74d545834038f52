import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AsteriskManager } from '../../src/manager';
import { certificate } from '../support/certificate';
import { clientOf, connected, keptLog, serverFor } from './support/connected';

const secret = 'tr0ub4dor';

function fileWith(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'fastagi-manager-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'file'), text);
  return join(directory, 'file');
}

async function listen(server: Server): Promise<{ port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port };
}

describe('logging in', () => {
  it('sends no secret where a challenge is given', async () => {
    const { server, manager } = await connected();
    expect(manager.version).toBe('11.0.0');
    expect(manager.connected).toBe(true);
    expect(server.actions.map(({ name }) => name)).toEqual(['Challenge', 'Login']);
    const login = server.actions[1];
    expect(login?.get('AuthType')).toBe('MD5');
    expect(login?.get('Key')).toMatch(/^[0-9a-f]{32}$/);
    expect(login?.get('Secret')).toBeUndefined();
  });

  it('sends the secret only where no challenge is given', async () => {
    const { server } = await connected({ challenge: false });
    expect(server.actions.map(({ name }) => name)).toEqual(['Challenge', 'Login']);
    expect(server.actions[1]?.get('Secret')).toBe('phpagi');
  });

  it.each([true, false])('tells a wrong secret, and never prints it (challenge %s)', async (challenge) => {
    const { lines, log } = keptLog();
    const server = await serverFor({ challenge });
    const manager = clientOf(server, { secret, log });
    const error = await manager.connect().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ManagerError', code: 'FASTAGI_MANAGER_LOGIN', reply: 'Authentication failed', action: 'Login' });
    expect(String(error)).toMatch(/does not let "phpagi" in: Authentication failed; username and secret must be/);
    expect(inspect([error, lines, manager], { depth: 9, showHidden: true })).not.toContain(secret);
    expect(manager.connected).toBe(false);
    await expect(manager.ping()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_NOT_CONNECTED' });
  });

  it('asks for no events before somebody wants some', async () => {
    const { server, manager } = await connected();
    expect(server.actions.at(-1)?.get('Events')).toBe('off');
    const off = manager.on('Hangup', () => undefined);
    await manager.ping();
    expect(server.actions.slice(-2).map(({ name, fields }) => [name, ...fields.flat()])).toEqual([['Events', 'EventMask', 'on'], ['Ping']]);
    off();
    await manager.ping();
    expect(server.actions.at(-2)?.get('EventMask')).toBe('off');
  });

  it('takes server, port, username and secret from the file', async () => {
    const server = await serverFor({ users: { ann: 'of green' } });
    const config = fileWith(`[asmanager]\nserver = 127.0.0.1:${server.port}\nusername = ann\nsecret = "of green"\n`);
    const manager = new AsteriskManager({ config });
    onTestFinished(() => manager.close());
    expect(await manager.connect()).toBe(manager);
    expect(manager).toBeInstanceOf(AsteriskManager);
  });

  it('refuses options that make no sense', () => {
    expect(() => new AsteriskManager({ server: 'a b', secret: 'x' })).toThrow('write host, host:port');
    expect(() => new AsteriskManager({ port: 70_000, secret: 'x' })).toThrow('[asmanager] port');
    expect(() => new AsteriskManager({ config: '/nowhere/phpagi.conf' })).toThrow('/nowhere/phpagi.conf cannot be read');
  });
});

describe('TLS', () => {
  it('trusts the file with certificates that is named', async () => {
    const { manager } = await connected({ tls: certificate }, { tls: true, tlsCa: fileWith(certificate.cert) });
    expect(await manager.ping()).toBeGreaterThan(0);
  });

  it('does not trust a certificate that nobody signed', async () => {
    const manager = clientOf(await serverFor({ tls: certificate }), { tls: true });
    await expect(manager.connect()).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_UNREACHABLE',
      message: expect.stringMatching(/self-signed certificate; .* in tls_ca$/) as string,
    });
  });

  it('says so where the port does not speak it', async () => {
    const manager = clientOf(await serverFor(), { tls: true });
    await expect(manager.connect()).rejects.toThrow('the port does not speak TLS: correct port (5039 by default) or tls');
  });

  it('says so where only the other side speaks it', async () => {
    const manager = clientOf(await serverFor({ tls: certificate }), { connectTimeout: 200 });
    await expect(manager.connect()).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_TIMEOUT',
      message: expect.stringMatching(/that of TLS/) as string,
    });
  });

  it('names the file that cannot be read', async () => {
    const manager = clientOf({ port: 1 }, { tls: true, tlsCa: '/nowhere/ca.pem' });
    await expect(manager.connect()).rejects.toThrow('the certificates in /nowhere/ca.pem cannot be read');
  });
});

describe('what is at the other end', () => {
  it('may be nothing', async () => {
    const server = createServer();
    const { port } = await listen(server);
    server.close();
    await expect(clientOf({ port }).connect()).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_UNREACHABLE',
      message: expect.stringMatching(/ECONNREFUSED.*look at \[general\] enabled, bindaddr and port in manager\.conf$/) as string,
    });
  });

  it('may be silent', async () => {
    const place = await listen(createServer());
    await expect(clientOf(place, { connectTimeout: 50 }).connect()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_TIMEOUT' });
  });

  it('may be something else', async () => {
    const place = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await expect(clientOf(place).connect()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_MALFORMED' });
  });

  it('may greet and say nothing more', async () => {
    const place = await listen(createServer((socket) => socket.write('Asterisk Call Manager/11.0.0\r\n')));
    await expect(clientOf(place, { connectTimeout: 50 }).connect()).rejects.toThrow('Challenge: Asterisk did not answer within 50 ms');
  });

  it('may close at once', async () => {
    const place = await listen(createServer((socket) => socket.end()));
    await expect(clientOf(place).connect()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_LOST' });
  });
});

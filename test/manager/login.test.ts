import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectManager } from '../../src/manager';
import { connectTo } from '../../src/manager/connect';
import { certificate } from '../support/certificate';
import { clientOf, connected, eventually, keptLog, serverFor } from './support/connected';

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
  it('sends no secret if a challenge is given', async () => {
    const { server, manager } = await connected();
    expect(manager.connected).toBe(true);
    expect(server.actions.map(({ name }) => name).slice(0, 2)).toEqual(['Challenge', 'Login']);
    const login = server.actions[1];
    expect(login?.get('AuthType')).toBe('MD5');
    expect(login?.get('Key')).toMatch(/^[0-9a-f]{32}$/);
    expect(login?.get('Secret')).toBeUndefined();
  });

  it('sends the secret only if no challenge is given', async () => {
    const { server } = await connected({ challenge: false });
    expect(server.actions.map(({ name }) => name).slice(0, 2)).toEqual(['Challenge', 'Login']);
    expect(server.actions[1]?.get('Secret')).toBe('phpagi');
  });

  it.each([true, false])('reports a wrong secret, and never prints it (challenge %s)', async (challenge) => {
    const { lines, log } = keptLog();
    const server = await serverFor({ challenge });
    const error = await clientOf(server, { secret, log }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ManagerError', code: 'FASTAGI_MANAGER_LOGIN', reply: 'Authentication failed', action: 'Login' });
    expect(String(error)).toMatch(/does not let "phpagi" in: Authentication failed; username and secret must be/);
    expect(inspect([error, lines], { depth: 9, showHidden: true })).not.toContain(secret);
    expect(server.actions.filter(({ name }) => name === 'Login')).toHaveLength(1);
  });

  it("asks for the system's events alone before somebody wants others", async () => {
    const { server, manager } = await connected();
    expect(server.actions.find(({ name }) => name === 'Login')?.get('Events')).toBe('system');
    expect(server.actions.map(({ name }) => name)).not.toContain('Events');
    const off = manager.on('NobodyKnows', () => undefined);
    await manager.ping();
    expect(server.actions.find(({ name }) => name === 'Events')?.get('EventMask')).toBe('on');
    off();
    await manager.ping();
    expect(server.actions.findLast(({ name }) => name === 'Events')?.get('EventMask')).toBe('system');
  });

  it('takes server, port, username and secret from the file', async () => {
    const server = await serverFor({ users: { ann: 'of green' } });
    const config = fileWith(`[asmanager]\nserver = 127.0.0.1:${server.port}\nusername = ann\nsecret = "of green"\n`);
    const manager = await connectManager({ config });
    onTestFinished(() => manager.close());
    expect(await manager.ping()).toBeGreaterThan(0);
  });

  it.each([
    [{ server: 'a b', secret: 'x' }, 'write host, host:port'],
    [{ port: 70_000, secret: 'x' }, '[asmanager] port'],
    [{ config: '/nowhere/phpagi.conf' }, '/nowhere/phpagi.conf cannot be read'],
  ])('refuses options that make no sense: %j', async (options, why) => {
    await expect(connectManager(options)).rejects.toThrow(why);
  });
});

describe('Asterisk that has not started', () => {
  it('is waited for: FullyBooted says it', async () => {
    const server = await serverFor({ booted: false });
    const connecting = clientOf(server);
    await eventually(() => server.actions.some(({ name }) => name === 'ListCommands'));
    server.boot();
    expect((await connecting).connected).toBe(true);
  });

  it('is waited for: for a user who does not get that event, until it knows all its actions', async () => {
    const server = await serverFor({ booted: false, users: { phpagi: { secret: 'phpagi', read: ['call'] } } });
    const connecting = clientOf(server);
    const asked = () => server.actions.filter(({ name }) => name === 'ListCommands').length;
    await eventually(() => asked() > 2);
    server.boot();
    const before = asked();
    expect((await connecting).connected).toBe(true);
    // Three seconds without a change.
    expect(asked() - before).toBeGreaterThan(8);
  });

  it('is not waited for if it has been running for long, whether the event comes or not', async () => {
    const { server } = await connected({ users: { phpagi: { secret: 'phpagi', read: ['call'] } } });
    expect(server.actions.map(({ name }) => name)).not.toContain('ListCommands');
  });

  it('is not waited for without end', async () => {
    const server = await serverFor({ booted: false });
    await expect(clientOf(server, { timeout: 50 })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_TIMEOUT',
      message: expect.stringMatching(/has not started within 50 ms/) as string,
    });
    await eventually(() => server.clients === 0);
  });

  it('is not asked for by users who may not', async () => {
    const users = { phpagi: { secret: 'phpagi', read: ['call'], write: ['call'] } };
    const { manager } = await connected({ users });
    expect(manager.version).toBeUndefined();
    await expect(manager.action('Originate', { Channel: 'Local/1' })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_PERMISSION',
      message: "Originate: this user of the manager may not do it: add originate to the user's write in manager.conf",
    });
  });

  it('has a version of its own, which is not the banner', async () => {
    const { manager } = await connected({ version: '2.0' });
    expect(manager.version).toBe('22.10.1');
  });
});

describe('TLS', () => {
  it('trusts the file with certificates that is named', async () => {
    const { manager } = await connected({ tls: certificate }, { tls: true, tlsCa: fileWith(certificate.cert) });
    expect(await manager.ping()).toBeGreaterThan(0);
  });

  it('checks the name that is given instead of the host', async () => {
    const server = await serverFor({ tls: certificate });
    const tls = { tls: true, tlsCa: fileWith(certificate.cert) };
    expect((await clientOf(server, { ...tls, tlsName: 'localhost' })).connected).toBe(true);
    await expect(clientOf(server, { ...tls, tlsName: 'pbx.example.org' })).rejects.toThrow(
      /pbx\.example\.org.*; name the server as its certificate does, in server or in tls_name$/,
    );
  });

  it('does not trust a certificate that nobody signed', async () => {
    await expect(clientOf(await serverFor({ tls: certificate }), { tls: true })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_UNREACHABLE',
      message: expect.stringMatching(/self-signed certificate; .* in tls_ca$/) as string,
    });
  });

  it('says so if the port does not speak it', async () => {
    await expect(clientOf(await serverFor(), { tls: true })).rejects.toThrow(
      'the port does not speak TLS: correct port (5039 by default) or tls',
    );
  });

  it('says so if only the other side speaks it', async () => {
    await expect(clientOf(await serverFor({ tls: certificate }), { timeout: 200 })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_TIMEOUT',
      message: expect.stringMatching(/that of TLS/) as string,
    });
  });

  it('names the file that cannot be read', async () => {
    await expect(clientOf({ port: 1 }, { tls: true, tlsCa: '/nowhere/ca.pem' })).rejects.toThrow(
      'the certificates in /nowhere/ca.pem cannot be read',
    );
  });
});

describe('what is at the other end', () => {
  it('may be nothing', async () => {
    const server = createServer();
    const { port } = await listen(server);
    server.close();
    await expect(clientOf({ port })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_UNREACHABLE',
      message: expect.stringMatching(/ECONNREFUSED.*look at \[general\] enabled, bindaddr and port in manager\.conf$/) as string,
    });
  });

  it('may be silent', async () => {
    const place = await listen(createServer());
    await expect(clientOf(place, { timeout: 50 })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_TIMEOUT' });
  });

  it('may be something else', async () => {
    const place = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await expect(clientOf(place)).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_MALFORMED' });
  });

  it('may greet and say nothing more', async () => {
    const place = await listen(createServer((socket) => socket.write('Asterisk Call Manager/11.0.0\r\n')));
    await expect(clientOf(place, { timeout: 50 })).rejects.toThrow('Challenge: Asterisk did not answer within 50 ms');
  });

  it('may close at once', async () => {
    const place = await listen(createServer((socket) => socket.end()));
    await expect(clientOf(place)).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_LOST' });
  });

  it('is not waited for when a signal fires', async () => {
    const place = await listen(createServer());
    const signal = AbortSignal.timeout(20);
    const how = { signal, timeout: 60_000 };
    await expect(clientOf(place, how)).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(clientOf(place, how)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

it('what is to be stopped already does not connect', async () => {
  const server = await serverFor();
  const address = { host: '127.0.0.1', port: server.port, tls: false, tlsCa: undefined, tlsName: undefined };
  await expect(connectTo(address, 1000, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(server.clients).toBe(0);
});

it('a signal closes a connection, too', async () => {
  const controller = new AbortController();
  const { server, manager } = await connected({}, { signal: controller.signal });
  controller.abort();
  await eventually(() => server.clients === 0);
  await expect(manager.ping()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
});

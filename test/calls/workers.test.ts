import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, describe } from 'vitest';
import { pairOfSockets } from '../support/call-host';
import { inetd } from '../support/other-super-servers';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { makePlace, program, runtime, type Place, type SuperServer } from '../support/super-server';
import { makeWorkersPlace, startInetdWaiting, startListen, startSystemdWaiting, startXinetdWaiting } from '../support/workers';

let place: Place;
let server: SuperServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  place.remove();
});

const script = "export default async (fastagi) => { await fastagi.setVariable('uid', process.getuid() + ' ' + process.pid); };";

async function callTo(at: SuperServer, name = 'x.mjs'): Promise<Peer> {
  const peer = openPeer(at.port, environment(name), undefined, at.host);
  await peer.closed;
  return peer;
}

/** Several calls, all of which are to be served by the same few processes. */
async function serves(at: SuperServer): Promise<void> {
  server = at;
  const peers = await Promise.all(Array.from({ length: 20 }, () => callTo(at)));
  for (const peer of peers) {
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    expect(variableSet(peer, 'uid')).toMatch(isRoot ? /^1 \d+$/ : /^\d+ \d+$/);
  }
  expect(new Set(peers.map((peer) => variableSet(peer, 'uid'))).size).toBeLessThanOrEqual(2);
}

describe('a socket of its own', () => {
  it.each(['127.0.0.1', '::1'])('serves calls to %s in workers', async (host) => {
    place = makeWorkersPlace('workers = 2');
    place.script('x.mjs', script);
    await serves(await startListen(place, { host }));
  });

  it('listens on several addresses', async () => {
    place = makeWorkersPlace('workers = 1');
    place.script('x.mjs', script);
    server = await startListen(place, { args: ['--host', '::1'] });
    for (const host of ['127.0.0.1', '::1']) expect(variableSet(await callTo({ ...server, host }), 'FASTAGISTATUS')).toBe('SUCCESS');
  });
});

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'xinetd, wait = yes', () => {
  it('hands over its socket', async () => {
    place = makeWorkersPlace('workers = 2');
    place.script('x.mjs', script);
    await serves(await startXinetdWaiting(place));
  });
});

describeWith({ inetd: inetd !== undefined, root: isRoot }, 'inetd, wait', () => {
  it('hands over its socket', async () => {
    place = makeWorkersPlace('workers = 2');
    place.script('x.mjs', script);
    await serves(await startInetdWaiting(place));
  });
});

describeWith({ 'systemd-socket-activate': hasProgram('systemd-socket-activate') }, 'systemd, Accept=no', () => {
  it('hands over its sockets', async () => {
    place = makeWorkersPlace('workers = 2');
    place.script('x.mjs', script);
    const started = await startSystemdWaiting(place, ['127.0.0.1', '::1']);
    await serves(started);
    await serves({ ...started, host: '::1' });
  });
});

describe('a start that cannot be', () => {
  const start = (args: readonly string[], input?: number) =>
    spawnSync(runtime, [program, 'listen', ...args], {
      encoding: 'utf8',
      stdio: [input ?? 'ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    });

  it.runIf(isRoot)('is refused as root without a user, and says what to write', () => {
    place = makePlace();
    const { status, stderr } = start(['--config', place.config, '--port', '1']);
    expect([status, stderr]).toEqual([100, expect.stringContaining('serves no calls as root: write user = asterisk into [fastagi]')]);
  });

  it.runIf(isRoot).each([
    ['user = root', 'is root, who serves no calls'],
    ['user = nobody-of-that-name', 'there is no such account in /etc/passwd'],
    ['user = daemon\ngroup = root', "is root's; name another"],
    ['user = daemon\ngroup = no-such-group', 'there is no such group in /etc/group'],
  ])('%s', (settings, words) => {
    place = makePlace(settings);
    const { status, stderr } = start(['--config', place.config, '--port', '1']);
    expect([status, stderr]).toEqual([100, expect.stringContaining(words)]);
  });

  it('names who could free the port', async () => {
    place = makeWorkersPlace('workers = 1');
    server = await startListen(place);
    const { status, stderr } = start(['--config', place.config, '--port', String(server.port)]);
    expect([status, stderr]).toEqual([100, expect.stringContaining('somebody listens there already (ss -ltnp shows who)')]);
  });

  it.each([
    ['a connection on standard input', 0, 'standard input is a connection, not a listening socket: write `wait = yes` in the service file'],
    [
      'a connection of systemd',
      3,
      'descriptor 3, which systemd handed over, is no listening TCP socket: write ListenStream= and Accept=no',
    ],
  ])('takes no call for a socket: %s', async (_, fd, words) => {
    place = makeWorkersPlace();
    const [one, other] = await pairOfSockets();
    const stdio: StdioOptions = fd === 0 ? [one, 'ignore', 'pipe'] : ['ignore', 'ignore', 'pipe', one];
    const env = { PATH: process.env['PATH'] ?? '', ...(fd === 3 && { LISTEN_FDS: '1', LISTEN_PID: String(process.pid) }) };
    const child = spawn(runtime, [program, 'listen', '--config', place.config], { stdio, env });
    let text = '';
    child.stderr?.on('data', (piece) => (text += String(piece)));
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect([status, text]).toEqual([100, expect.stringContaining(words)]);
    one.destroy();
    other.destroy();
  });

  it('says that a file limit is too low for max_calls', () => {
    place = makeWorkersPlace('max_calls = 5000');
    const { stderr } = spawnSync('sh', ['-c', `ulimit -n 1000; exec ${program} listen --config ${place.config} --port 1`], {
      encoding: 'utf8',
    });
    expect(stderr).toContain('needs 5100 open files, and 1000 are allowed');
  });
});

describeWith({ root: isRoot }, 'who the processes are', () => {
  it('nobody that serves is root, or can become root again, in any thread', async () => {
    place = makeWorkersPlace('workers = 2');
    place.script('x.mjs', script);
    const started = await startListen(place);
    server = started;
    expect(started.workers()).toHaveLength(2);
    for (const pid of [started.child.pid ?? 0, ...started.workers()]) {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      expect(status).toMatch(/^Uid:\t1\t1\t1\t1$/m);
      expect(status).toMatch(/^Gid:\t1\t1\t1\t1$/m);
      expect(status).toMatch(/^CapPrm:\t0{16}$/m);
    }
  });

  it('refuses another owner, with the two ways out', async () => {
    place = makeWorkersPlace('workers = 1');
    const path = place.script('x.mjs', script);
    const { chownSync } = await import('node:fs');
    chownSync(path, 2, 2);
    server = await startListen(place);
    const peer = await callTo(server);
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FORBIDDEN');
    expect(place.log()).toContain("x.mjs is refused: it is bin's, and these workers run as daemon; two ways out: a second service with");
  });

  it('runs what it can read with setuid=false, but nothing that others may write', async () => {
    place = makeWorkersPlace('workers = 1\nsetuid = false');
    const { chmodSync, chownSync } = await import('node:fs');
    chownSync(place.script('x.mjs', script), 2, 2);
    chmodSync(place.script('open.mjs', script), 0o666);
    server = await startListen(place);
    expect(variableSet(await callTo(server), 'uid')).toMatch(/^1 /);
    expect(variableSet(await callTo(server, 'open.mjs'), 'FASTAGISTATUS')).toBe('FORBIDDEN');
  });

  it('as nobody runs what others may write, too', async () => {
    place = makeWorkersPlace('workers = 1\nsetuid = false', 'nobody');
    const { chmodSync } = await import('node:fs');
    chmodSync(place.script('open.mjs', script), 0o666);
    server = await startListen(place);
    expect(variableSet(await callTo(server, 'open.mjs'), 'uid')).toMatch(/^65534 /);
  });
});

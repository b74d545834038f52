import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { freePort, untilListening } from '../../scripts/ports.mjs';
import { describeWith, hasProgram } from '../support/parts';
import { environment, openPeer, playOn, variableSet, type Peer } from '../support/peer';
import { project, until, type Place } from '../support/super-server';
import { makeWorkersPlace, startListen, type Listening } from '../support/workers';

let servers: { place: Place; server: Listening; name: string }[] = [];
let haproxy: ChildProcess | undefined;
let port: number;

afterEach(async () => {
  // A SIGTERM would wait for its connections.
  haproxy?.kill('SIGKILL');
  for (const { server, place } of servers) {
    await server.stop();
    place.remove();
  }
  servers = [];
});

/** Two machines and HAProxy, with the project's own file but for the addresses. */
async function open(settings = ''): Promise<void> {
  port = await freePort();
  let text = readFileSync(join(project, 'haproxy/fastagi.cfg'), 'utf8')
    .replace('bind 127.0.0.1:4573', `bind 127.0.0.1:${port}`)
    .replace('maxconn 20000', 'maxconn 1000');
  for (const [name, address] of [
    ['one', '192.0.2.11'],
    ['two', '192.0.2.12'],
  ] as const) {
    const place = makeWorkersPlace(`workers = 1\nproxy_protocol = 127.0.0.1\nlog_calls = true\n${settings}`);
    place.script(
      'x.mjs',
      `export default async (fastagi) => { await fastagi.setVariable('machine', '${name}'); await fastagi.waitForDigit(-1); };\n`,
    );
    const agent = await freePort();
    const server = await startListen(place, { args: ['--agent-check', `127.0.0.1:${agent}`] });
    servers.push({ place, server, name });
    text = text.replace(`server ${name} ${address}:4573`, `server ${name} 127.0.0.1:${server.port} agent-port ${agent}`);
  }
  const file = join(servers[0]?.place.out ?? '', 'haproxy.cfg');
  writeFileSync(file, text);
  haproxy = spawn('/usr/sbin/haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  await untilListening(port, '127.0.0.1', haproxy);
}

/** A call from this address of the machine, which its Asterisk answers with a key when it is let go. */
async function call(from = '127.0.0.1'): Promise<Peer & { letGo: () => void }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  const peer = playOn(socket, environment('x.mjs'), (command) => (command.startsWith('WAIT FOR DIGIT') ? undefined : '200 result=1\n'));
  await Promise.race([peer.seen(/^WAIT FOR DIGIT/), peer.closed]);
  return { ...peer, letGo: () => void socket.write('200 result=49\n') };
}

describeWith({ haproxy: hasProgram('haproxy') }, 'HAProxy before two machines', () => {
  it('takes our file', () => {
    const { status, stderr } = spawnSync('/usr/sbin/haproxy', ['-c', '-f', join(project, 'haproxy/fastagi.cfg')], { encoding: 'utf8' });
    expect([status, stderr.replace(/.*(?:parsing|config).*:? ?/g, '')]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
  });

  it('spreads the calls, and each machine sees the address of Asterisk', async () => {
    await open('allow = 127.0.0.9');
    // One after the other: HAProxy counts a connection once it is made.
    const calls: Awaited<ReturnType<typeof call>>[] = [];
    // oxlint-disable-next-line no-await-in-loop
    while (calls.length < 4) calls.push(await call('127.0.0.9'));
    expect(calls.map((one) => variableSet(one, 'machine')).toSorted()).toEqual(['one', 'one', 'two', 'two']);
    for (const { letGo } of calls) letGo();
    const stranger = await call('127.0.0.8');
    await stranger.closed;
    expect(variableSet(stranger, 'FASTAGISTATUS')).toBe('FORBIDDEN');
    await until('the refusal in the log', () => servers.some(({ place }) => place.log().includes('calls from 127.0.0.8 are not allowed')));
  });

  it('sends no call to a machine that is being stopped', async () => {
    await open('drain = 30');
    const held = await Promise.all([call(), call()]);
    servers[0]?.server.child.kill('SIGTERM');
    await until('the signal to be heard', () => servers[0]?.place.log().includes('takes no further calls'));
    const calls: Awaited<ReturnType<typeof call>>[] = [];
    // Calls go on coming, before HAProxy has noticed and behind it.
    while (calls.length < 40) {
      calls.push(await call());
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(calls.filter((one) => variableSet(one, 'machine') === undefined)).toEqual([]);
    expect(calls.slice(25).map((one) => variableSet(one, 'machine'))).toEqual(Array.from({ length: 15 }, () => 'two'));
    for (const one of [...held, ...calls]) one.letGo();
    await Promise.all([...held, ...calls].map(({ closed }) => closed));
    for (const one of [...held, ...calls]) expect(variableSet(one, 'FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('has every call served that comes behind the death of a machine, in the middle of a load', async () => {
    await open();
    const ends: { began: number; status: string | undefined; machine: string | undefined }[] = [];
    const load = { going: true };
    const callers = Array.from({ length: 12 }, async () => {
      while (load.going) {
        const began = performance.now();
        const one = await call();
        setTimeout(one.letGo, 20);
        await one.closed;
        ends.push({ began, status: variableSet(one, 'FASTAGISTATUS'), machine: variableSet(one, 'machine') });
      }
    });
    await until('some calls', () => ends.length > 30);
    const dead = servers[0]?.server;
    const workers = dead?.workers() ?? [];
    dead?.child.kill('SIGKILL');
    for (const pid of workers) process.kill(pid, 'SIGKILL');
    // The kernel closes its sockets.
    await expect.poll(() => isOpen(dead?.port ?? 0), { interval: 1 }).toBe(false);
    const died = performance.now();
    await until('calls after it', () => ends.filter(({ began }) => began > died).length > 60);
    load.going = false;
    await Promise.all(callers);
    const later = ends.filter(({ began }) => began > died);
    expect(later.filter(({ status, machine }) => status !== 'SUCCESS' || machine !== 'two')).toEqual([]);
    // What the dead machine had is lost, and nothing else: one call of each caller at most.
    const lost = ends.filter(({ status }) => status !== 'SUCCESS');
    expect(lost.filter(({ machine }) => machine === 'two')).toEqual([]);
    expect(lost.length).toBeLessThanOrEqual(12);
  });

  it('looks at the port without a line in the log', async () => {
    await open();
    const before = servers.map(({ place }) => place.log());
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(servers.map(({ place }) => place.log())).toEqual(before);
    const peer = openPeer(port, '');
    peer.socket.end();
    await peer.closed;
    expect(servers.map(({ place }) => place.log())).toEqual(before);
  });
});

function isOpen(on: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(on, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeWith, hasProgram } from '../support/parts';
import { heldCall, workersForEach } from '../support/opened-workers';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { until, type Place } from '../support/super-server';
import { startListen, type Listening } from '../support/workers';

let place: Place;
let server: Listening;
const open = workersForEach((opened) => ({ place, server } = opened));
const hold = (): Promise<Peer> => heldCall(server);

it('worker_memory replaces a worker that takes more, and loses no call', async () => {
  await open(
    'workers = 1\nworker_memory = 150',
    "kept.push(Buffer.alloc(20_000_000, 1)); await fastagi.setVariable('pid', String(process.pid));",
  );
  const pids = new Set<string | undefined>();
  await expect
    .poll(
      async () => {
        const peer = openPeer(server.port, environment('x.mjs'));
        await peer.closed;
        expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
        return pids.add(variableSet(peer, 'pid')).size;
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(1);
});

describeWith({ ss: hasProgram('ss') }, 'keepalive', () => {
  it('has each connection probed, so that a dead Asterisk is noticed in time', async () => {
    await open('workers = 1\nkeepalive = 30', 'await fastagi.waitForDigit(-1);');
    const peer = await hold();
    // The first probe after 20 s, and ten more of a second each; not before what was sent is acknowledged.
    const left = (): number => {
      const line = execFileSync('ss', ['-Htno', 'state', 'established', 'sport', '=', `:${server.port}`], { encoding: 'utf8' });
      return Number(/timer:\(keepalive,([\d.]+)sec,0\)/.exec(line)?.[1] ?? 0);
    };
    await expect.poll(left).toBeGreaterThan(10);
    expect(left()).toBeLessThanOrEqual(20);
    peer.socket.write('200 result=49\n');
    await peer.closed;
  });
});

it('a caller whose Asterisk closes the connection is noticed at once', async () => {
  await open('workers = 1', "try { await fastagi.waitForDigit(-1); } finally { fastagi.log.info('noticed ' + fastagi.hungUp); }");
  const peer = await hold();
  peer.socket.destroy();
  await until('the log', () => place.log().includes('noticed true'));
});

it('hands the port on to the next service, which has it at once', async () => {
  await open('workers = 2', "await fastagi.setVariable('a', '1');");
  const { port } = server;
  await server.stop();
  const next = await startListen(place, { args: ['--port', String(port)] });
  const peer = openPeer(port, environment('x.mjs'));
  await peer.closed;
  await next.stop();
  expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
});

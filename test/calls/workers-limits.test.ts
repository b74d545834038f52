import { describe, expect, it } from 'vitest';
import { heldCall, workersForEach } from '../support/opened-workers';
import { environment, openPeer, politeAnswer, variableSet, type Answer, type Peer } from '../support/peer';
import { until, type Place } from '../support/super-server';
import type { Listening } from '../support/workers';

let place: Place;
let server: Listening;
const open = workersForEach((opened) => ({ place, server } = opened));

/** A call that is held until it is let go. */
async function hold(): Promise<{ peer: Peer; letGo: () => void }> {
  const peer = await heldCall(server);
  return { peer, letGo: () => peer.socket.write('200 result=49\n') };
}

/** What the caller does: a key, at once. */
const politely: Answer = (command) => (command.startsWith('WAIT FOR DIGIT') ? '200 result=49\n' : politeAnswer(command));

async function refused(answer?: Answer): Promise<{ status: string | undefined; error: string | undefined; ms: number; peer: Peer }> {
  const began = performance.now();
  const peer = openPeer(server.port, environment('x.mjs'), answer);
  await peer.closed;
  return { status: variableSet(peer, 'FASTAGISTATUS'), error: variableSet(peer, 'FASTAGIERROR'), ms: performance.now() - began, peer };
}

describe('max_calls', () => {
  it('answers a further call with BUSY, and takes calls again as soon as there is room', async () => {
    await open('workers = 2\nmax_calls = 3');
    const held = [await hold(), await hold(), await hold()];
    const { status, error, peer } = await refused();
    expect([status, error]).toEqual(['BUSY', '3 calls are being served, which is max_calls']);
    expect(peer.commands.at(-1)).toBe('VERBOSE "fastagi: refused: 3 calls are being served, which is max_calls" 1');
    held[0]?.letGo();
    await held[0]?.peer.closed;
    await expect.poll(async () => (await refused(politely)).status).toBe('SUCCESS');
    for (const { letGo } of held) letGo();
  });

  it('answers with BUSY also while every worker computes', async () => {
    await open('workers = 2\nmax_calls = 2', 'const until = Date.now() + 2500; while (Date.now() < until);');
    const busy = [openPeer(server.port, environment('x.mjs')), openPeer(server.port, environment('x.mjs'))];
    await until('the workers to compute', () => busy.every((peer) => peer.commands.length > 0));
    const all = await Promise.all(Array.from({ length: 20 }, () => refused()));
    for (const { status } of all) expect(status).toBe('BUSY');
    for (const peer of busy) {
      await peer.closed;
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    }
  });

  it('never leaves a call in silence: one that no worker gets to is told, too', async () => {
    await open('workers = 1\nworker_stall = 10', 'const until = Date.now() + 4000; while (Date.now() < until);');
    const busy = openPeer(server.port, environment('x.mjs'));
    await busy.seen(/ANSWER/);
    await until('the worker to compute', () => busy.commands.length > 0);
    const { status, error } = await refused();
    expect([status, error]).toEqual(['BUSY', 'no worker can take a call: each is computing, or being started']);
    await busy.closed;
    expect(variableSet(busy, 'FASTAGISTATUS')).toBe('SUCCESS');
  });
});

it('max_calls_per_peer counts the calls of one address in all workers', async () => {
  await open('workers = 2\nmax_calls = 50\nmax_calls_per_peer = 4');
  const held = await Promise.all([hold(), hold(), hold(), hold()]);
  const { status, error } = await refused();
  expect([status, error]).toEqual(['BUSY', '4 calls from this Asterisk are being served, which is max_calls_per_peer']);
  for (const { letGo } of held) letGo();
  await Promise.all(held.map(({ peer }) => peer.closed));
  // The worker learns a moment later that the connection is closed.
  await expect.poll(async () => (await refused(politely)).status).toBe('SUCCESS');
});

it('a look whether the port is open costs nothing, and says nothing', async () => {
  await open('workers = 1');
  const before = place.log();
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const peer = openPeer(server.port, '');
      await new Promise((resolve) => peer.socket.once('connect', resolve));
      peer.socket.end();
      await peer.closed;
    }),
  );
  expect(place.log()).toBe(before);
  (await hold()).letGo();
});

import { closeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPlaces, type Place, type Places } from '../../../src/serve/listen/places';
import { openScoreboard, type Scoreboard } from '../../../src/serve/listen/scoreboard';

let board: Scoreboard;
let awake: number;
beforeEach(() => {
  vi.useFakeTimers();
  board = openScoreboard('/tmp', 4);
  awake = 0;
});
afterEach(() => {
  closeSync(board.descriptor);
  vi.useRealTimers();
});

const places = (region: number, limits: Partial<Parameters<typeof createPlaces>[0]['limits']> = {}): Places =>
  createPlaces(
    { board, region, limits: { maxCalls: 5, maxCallsPerPeer: 0, proxyProtocol: [], ...limits } },
    () => (awake += 1),
    () => undefined,
  );

const takeAll = (from: Places, peers: readonly string[]): (Place | string)[] => peers.map((peer) => from.take(peer));

it('max_calls is for all workers together, and a place that is free again is another call’s', () => {
  const [one, two] = [places(0), places(1)];
  const taken = [...takeAll(one, ['a', 'a', 'b']), ...takeAll(two, ['a', 'c'])] as Place[];
  expect([one.take('a'), two.take('z')]).toEqual(['max_calls', 'max_calls']);
  taken[0]?.free();
  expect(two.take('z')).toBeTypeOf('object');
  expect(one.take('z')).toBe('max_calls');
});

it('max_calls_per_peer is for all workers together, too', () => {
  const limits = { maxCallsPerPeer: 2 };
  const [one, two] = [places(0, limits), places(1, limits)];
  takeAll(one, ['192.0.2.1', '192.0.2.2']);
  expect(two.take('192.0.2.1')).toBeTypeOf('object');
  expect([one.take('192.0.2.1'), two.take('192.0.2.1')]).toEqual(['max_calls_per_peer', 'max_calls_per_peer']);
  expect(one.take('192.0.2.2')).toBeTypeOf('object');
});

it('a proxy may have all', () => {
  const one = places(0, { maxCallsPerPeer: 1, proxyProtocol: ['192.0.2.0/28'] });
  const all = takeAll(one, ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.99', '192.0.2.99']);
  expect(all.filter((taken) => typeof taken === 'string')).toEqual(['max_calls_per_peer']);
});

it('says that it goes round while anything of a call goes on, even behind its connection', async () => {
  const one = places(0);
  const place = one.take('a') as Place;
  const beats: (number | undefined)[] = [];
  for (let time = 0; time < 3; time++) {
    await vi.advanceTimersByTimeAsync(25);
    beats.push(board.headers()[0]?.beat);
  }
  expect(new Set(beats).size).toBe(3);
  place.free();
  expect([board.glance().active, one.unfinished]).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(25);
  expect(board.headers()[0]?.beat).toBeGreaterThan(0);
  place.over();
  await vi.advanceTimersByTimeAsync(25);
  expect([board.headers()[0]?.beat, vi.getTimerCount(), one.unfinished]).toEqual([0, 0, 0]);
});

it('wakes the master if that does not look, and only then', () => {
  const one = places(0);
  one.take('a');
  board.watch(true);
  one.take('a');
  expect(awake).toBe(1);
});

it('shows what a call is as soon as that is known', () => {
  const one = places(2);
  const place = one.take('192.0.2.1') as Place;
  expect(board.entries(2)).toMatchObject([{ peer: '192.0.2.1', channel: '', script: '' }]);
  place.name('PJSIP/1', 'a.js');
  expect(board.entries(2)).toMatchObject([{ peer: '192.0.2.1', channel: 'PJSIP/1', script: 'a.js' }]);
  place.over();
  expect(board.entries(2)).toEqual([]);
});

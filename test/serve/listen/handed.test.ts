import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHanded } from '../../../src/serve/listen/handed';
import type { HandedRequest } from '../../../src/serve/listen/messages';
import { recordedLog } from '../../support/recorded-log';

let server: Server;
let caller: Socket;
let socket: Socket;
let heard: string;
beforeEach(async () => {
  server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  caller = connect(port, '127.0.0.1');
  heard = '';
  caller.setEncoding('latin1').on('data', (text: string) => (heard += text));
  [socket] = await accepted;
});
afterEach(() => {
  vi.useRealTimers();
  caller.destroy();
  socket.destroy();
  server.close();
});

const request: HandedRequest = { environment: 'agi_network: yes', rest: '', proxied: undefined, begun: 0 };

it('gives a call to whoever takes it, now or later, once', () => {
  const hand = vi.fn();
  let taker: { hand: typeof hand } | undefined;
  const handed = createHanded(() => taker, recordedLog().log);
  handed.add(socket, request);
  handed.handOn();
  expect(hand).not.toHaveBeenCalled();
  taker = { hand };
  handed.handOn();
  handed.handOn();
  expect(hand.mock.calls).toEqual([[socket, request, expect.any(Function)]]);
});

it('keeps a call whose worker is gone for the next one, and does not try that one on and on', () => {
  const gone = vi.fn((_socket: Socket, _request: HandedRequest, failed: () => void) => failed());
  const next = vi.fn();
  let taker = { hand: gone };
  const handed = createHanded(() => taker, recordedLog().log);
  handed.add(socket, request);
  expect(gone).toHaveBeenCalledTimes(1);
  taker = { hand: next };
  handed.handOn();
  expect(next).toHaveBeenCalledTimes(1);
});

it('refuses a call that nobody takes over in time, rather than leave it in silence, and says so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { log, lines } = recordedLog();
  const hand = vi.fn();
  let taker: { hand: typeof hand } | undefined;
  const handed = createHanded(() => taker, log);
  handed.add(socket, request);
  vi.advanceTimersByTime(2999);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(lines).toEqual([expect.stringContaining('no worker took it over')]);
  vi.useRealTimers();
  await vi.waitUntil(() => heard.includes('refused'));
  expect(heard).toMatch(/^SET VARIABLE "FASTAGISTATUS" "BUSY"\n/);
  taker = { hand };
  handed.handOn();
  expect(hand).not.toHaveBeenCalled();
});

it('refuses all at the end of the service', async () => {
  const handed = createHanded(() => undefined, recordedLog().log);
  handed.add(socket, request);
  handed.refuseAll();
  await vi.waitUntil(() => heard.includes('refused'));
  expect(heard).toContain('the service is being stopped');
});

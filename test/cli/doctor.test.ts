import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isOnThisMachine } from '../../src/cli/doctor/addresses';
import { listenersAt, parseSockets } from '../../src/cli/doctor/listening';
import { serversOf } from '../../src/cli/doctor/other-checks';

describe('who listens', () => {
  it('is read from the kernel', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:11DD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0000000000000000 100 0 0 10 0
   1: 0100007F:11DD 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000001000000:11DD 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4244
   3: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4245
`;
    expect(parseSockets(text)).toEqual([
      { host: '127.0.0.1', port: 4573, inode: '4242' },
      { host: '::1', port: 4573, inode: '4244' },
      { host: '::', port: 22, inode: '4245' },
    ]);
  });

  it('is a process, with its start', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const [found, ...more] = listenersAt((server.address() as AddressInfo).port);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ host: '127.0.0.1', process: { pid: process.pid } });
    expect(Math.abs((found?.process?.since.getTime() ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(3000);
  });
});

it.each([
  ['localhost', true],
  ['127.0.0.2:5038', true],
  ['[::1]:5038', true],
  ['192.0.2.1', false],
  ['no-such-host.invalid', false],
])('%s is on this machine: %s', async (server, is) => {
  expect(await isOnThisMachine(server)).toBe(is);
});

it("finds HAProxy's servers", () => {
  const text =
    'backend agi\n  balance leastconn\n  server one 127.0.0.1:4573 check send-proxy-v2\n server two [::1]:4574 check\n# server three 1:1\n';
  expect(serversOf(text)).toEqual([
    { line: 3, name: 'one', port: 4573, sendsProxy: true },
    { line: 4, name: 'two', port: 4574, sendsProxy: false },
  ]);
});

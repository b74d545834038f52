import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { addressText, parseTcpTable, tcpSockets } from '../../src/ground/tcp-sockets';

it('reads what is sent again, and from whom', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   1: 0100007F:11DD 0200000A:9C40 01 0000001A:00000003 01:00000064 0000000B     0        0 4243 1 0000000000000000 20 4 30 10 -1
`;
  expect(parseTcpTable(text)).toEqual([
    {
      address: '0100007F',
      port: 4573,
      peer: { address: '0200000A', port: 40_000 },
      retransmits: 11,
      isListening: false,
      inode: '4243',
      waiting: 3,
    },
  ]);
});

it.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['00000000000000000000000001000000', '::1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['0000000000000000FFFF00000200000A', '::ffff:10.0.0.2'],
])('writes the address %s as people do', (hex, text) => {
  expect(addressText(hex)).toBe(text);
});

it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('finds a connection to %s by the addresses that Node has', async (host) => {
  const server = createServer().listen(0, host.includes(':') ? '::' : host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, host);
  onTestFinished(() => void socket.destroy());
  const [own] = (await once(server, 'connection')) as [Socket];
  const found = tcpSockets().filter((one) => one.port === port && one.peer.port === own.remotePort);
  expect(found.map(({ peer }) => addressText(peer.address))).toEqual([own.remoteAddress]);
});

import { describe, expect, it } from 'vitest';
import { parseProxyHeader } from '../../src/call/proxy-header';

const v2 = (command: number, family: number, rest: string): string =>
  `\r\n\r\n\0\r\nQUIT\n${String.fromCharCode(command, family, rest.length >> 8, rest.length & 255)}${rest}`;

const headers: [name: string, bytes: string, address: string | undefined][] = [
  ['version 1, IPv4', 'PROXY TCP4 192.0.2.7 192.0.2.1 5000 4573\r\n', '192.0.2.7'],
  ['version 1, IPv6', 'PROXY TCP6 2001:db8::7 2001:db8::1 5000 4573\r\n', '2001:db8::7'],
  ['version 1, unknown', 'PROXY UNKNOWN\r\n', undefined],
  ['version 2, IPv4', v2(0x21, 0x11, '\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\x11\xdd'), '192.0.2.7'],
  ['version 2, IPv6', v2(0x21, 0x21, `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x07${'\0'.repeat(20)}`), '2001:db8:0:0:0:0:0:7'],
  ['version 1, IPv6 in short', 'PROXY TCP6 ::1 ::ffff:192.0.2.1 65535 0\r\n', '::1'],
  ['version 1, unknown with more', 'PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', undefined],
  ['version 2, local with an address', v2(0x20, 0x11, '\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\x11\xdd'), undefined],
  ['version 2, a local socket', v2(0x21, 0x31, 'x'.repeat(216)), undefined],
  ['version 2, with more', v2(0x21, 0x11, `\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\x11\xdd${'x'.repeat(300)}`), '192.0.2.7'],
  ['version 2, local', v2(0x20, 0, ''), undefined],
];

describe.each(headers)('a PROXY header: %s', (_name, bytes, address) => {
  it('is found whole, and nothing before', () => {
    expect(parseProxyHeader(`${bytes}agi_network: yes\n`)).toEqual({ address, length: bytes.length });
    for (let at = 0; at < bytes.length; at++) expect(parseProxyHeader(bytes.slice(0, at))).toBeUndefined();
  });
});

it.each([
  'agi_network: yes\n',
  'PROXY TCP4 here there 1 2\r\n',
  'PROXY x y\r\n',
  ...['......2', '999.1.1.1', '1.2.3', '01.2.3.4', '1.2.3.4.5', '::1'].map((address) => `PROXY TCP4 ${address} 192.0.2.1 5000 4573\r\n`),
  ...['192.0.2.1', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'g::', '::1.2.3'].map(
    (address) => `PROXY TCP6 ${address} ::1 5000 4573\r\n`,
  ),
  'PROXY TCP4 192.0.2.7 192.0.2.1 5000\r\n',
  'PROXY TCP4 192.0.2.7 192.0.2.1 5000 65536\r\n',
  'PROXY TCP4 192.0.2.7 192.0.2.1 5000 x\r\n',
  'PROXY TCP4 192.0.2.7 192.0.2.1 5000 4573 6\r\n',
  `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`,
  v2(0x22, 0x11, 'x'.repeat(12)),
  v2(0x21, 0x11, ''),
  v2(0x21, 0x21, 'x'.repeat(12)),
  v2(0x21, 0x12, 'x'.repeat(12)),
  v2(0x21, 0x41, 'x'.repeat(12)),
  v2(0x21, 0x13, 'x'.repeat(12)),
  `PROXY ${'x'.repeat(200)}`,
  v2(0x31, 0x11, 'x'.repeat(12)),
  `\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff`,
  'x',
])('refuses %j', (bytes) => {
  expect(() => parseProxyHeader(bytes)).toThrow(expect.objectContaining({ code: 'FASTAGI_PROXY_HEADER' }));
});

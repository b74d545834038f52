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

describe('the limits', () => {
  const unknown = (length: number): string => `PROXY UNKNOWN ${'x'.repeat(length - 16)}\r\n`;

  it('of version 1: a line of 107 bytes, with its end or without', () => {
    expect(parseProxyHeader(unknown(107))).toEqual({ address: undefined, length: 107 });
    expect(() => parseProxyHeader(unknown(108))).toThrow(/its line is longer than 107 bytes/);
    expect(parseProxyHeader(unknown(120).slice(0, 106))).toBeUndefined();
    expect(() => parseProxyHeader(unknown(120).slice(0, 107))).toThrow(/its line is longer than 107 bytes/);
    expect(parseProxyHeader(`${unknown(20)}${'x'.repeat(200)}`)).toEqual({ address: undefined, length: 20 });
  });

  it('of version 2: 4096 bytes, and those that its addresses take', () => {
    const local = v2(0x20, 0, 'x'.repeat(4080));
    expect(parseProxyHeader(local)).toEqual({ address: undefined, length: 4096 });
    expect(parseProxyHeader(local.slice(0, 16))).toBeUndefined();
    expect(() => parseProxyHeader(v2(0x20, 0, 'x'.repeat(4081)).slice(0, 16))).toThrow(/it claims 4097 bytes/);
    expect(() => parseProxyHeader(v2(0x21, 0x11, 'x'.repeat(11)))).toThrow(/no IPv4 addresses/);
    expect(() => parseProxyHeader(v2(0x21, 0x21, 'x'.repeat(35)))).toThrow(/no IPv6 addresses/);
    const all = v2(0x21, 0x21, String.fromCharCode(...Array.from({ length: 36 }, (_, index) => index + 1)));
    expect(parseProxyHeader(all)).toEqual({ address: '102:304:506:708:90a:b0c:d0e:f10', length: 52 });
  });

  it.each([
    [v2(0x12, 0x11, 'x'.repeat(12)), /its version is 1;/],
    [v2(0x30, 0x11, 'x'.repeat(12)), /its version is 3;/],
    [v2(0x22, 0x11, 'x'.repeat(12)), /its command is 2;/],
    [v2(0x2f, 0x11, 'x'.repeat(12)), /its command is 15;/],
    [v2(0x21, 0x40, 'x'.repeat(12)), /its family is 4, its transport 0;/],
    [v2(0x21, 0x03, 'x'.repeat(12)), /its family is 0, its transport 3;/],
    [v2(0x21, 0x10, 'x'.repeat(12)), /no IPv4 addresses of a TCP connection/],
    [v2(0x21, 0x22, 'x'.repeat(36)), /no IPv6 addresses of a TCP connection/],
    ['PROXY TCP4 192.0.2.7 192.0.2.1 123456 1\r\n', /its line names no ports/],
    ['PROXY TCP4 192.0.2.7 x 1 1\r\n', /its line names no addresses/],
    ['PROXY TCP5 192.0.2.7 192.0.2.1 1 1\r\n', /its line names no addresses/],
    ['PROXY TCP4 192.0.2.7\r\n', /its line names no addresses/],
    ['PROXY\r\n', /there is none/],
    ['\r\n\r\n\0\r\nQUIX', /there is none/],
  ])('of %j are named', (bytes, why) => expect(() => parseProxyHeader(bytes)).toThrow(why));

  it('of other families of addresses: they are passed over', () => {
    for (const family of [0x00, 0x01, 0x02, 0x30, 0x32])
      expect(parseProxyHeader(v2(0x21, family, 'x'.repeat(5)))).toEqual({ address: undefined, length: 21 });
    expect(parseProxyHeader(v2(0x21, 0x30, 'x'.repeat(5)).slice(0, 20))).toBeUndefined();
  });
});

describe('addresses of version 1', () => {
  const taken = (family: string, address: string): boolean => {
    try {
      return parseProxyHeader(`PROXY ${family} ${address} ${address} 1 65535\r\n`)?.address === address;
    } catch {
      return false;
    }
  };

  it.each(['0.0.0.0', '255.255.255.255', '10.20.30.100'])('%s is one of IPv4', (address) => expect(taken('TCP4', address)).toBe(true));
  it.each(['256.0.0.0', '1.2.3.256', '1.2.3.1000', '00.0.0.0', '1..2.3', '1.2.3.4x'])('%s is none', (address) => {
    expect(taken('TCP4', address)).toBe(false);
  });

  it.each([
    '::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5::1.2.3.4', 'ABCD:ef01::',
  ])('%s is one of IPv6', (address) => expect(taken('TCP6', address)).toBe(true)); // prettier-ignore
  it.each([
    ':', '1:2:3:4:5:6:7:8::', '::1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:1.2.3.4', '1:2:3:4:5:6::1.2.3.4', '1.2.3.4::', '1.2.3.4:1:2:3:4:5:6', '::g', '::12345', '1:2:3:4:5:6:7:8:', 'fe80::1%eth0',
  ])('%s is none', (address) => expect(taken('TCP6', address)).toBe(false)); // prettier-ignore
});

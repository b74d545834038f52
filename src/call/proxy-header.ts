import { ProtocolError } from '../ground/errors';

/** What a PROXY protocol header says, and how many bytes it took. */
export interface ProxyHeader {
  /** The address that connected to the proxy; undefined for the proxy's own health check. */
  readonly address: string | undefined;
  readonly length: number;
}

const signature = '\r\n\r\n\0\r\nQUIT\n';
const longestV1 = 107;

/**
 * The PROXY protocol header, version 1 or 2, at the beginning of these bytes; undefined until it is there whole.
 * Throws ProtocolError where there is none.
 * @see https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
 */
export function parseProxyHeader(bytes: string): ProxyHeader | undefined {
  if (begins(bytes, signature)) return bytes.length < 16 ? undefined : parseV2(bytes);
  if (begins(bytes, 'PROXY ')) return parseV1(bytes);
  throw malformed('there is none');
}

function begins(bytes: string, start: string): boolean {
  return bytes.startsWith(start.slice(0, bytes.length));
}

function parseV1(bytes: string): ProxyHeader | undefined {
  const end = bytes.slice(0, longestV1).indexOf('\r\n');
  if (end === -1 && bytes.length >= longestV1) throw malformed(`its line is longer than ${longestV1} bytes`);
  if (end === -1) return undefined;
  const [, family, source = '', destination = '', ...ports] = bytes.slice(0, end).split(' ');
  if (family === 'UNKNOWN') return { address: undefined, length: end + 2 };
  const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : undefined;
  if (versionOf(source) !== version || versionOf(destination) !== version) throw malformed('its line names no addresses');
  if (ports.length !== 2 || !ports.every(isPort)) throw malformed('its line names no ports');
  return { address: source, length: end + 2 };
}

function parseV2(bytes: string): ProxyHeader | undefined {
  const byte = (at: number): number => bytes.charCodeAt(at);
  const word = (at: number): number => byte(at) * 256 + byte(at + 1);
  const length = 16 + word(14);
  if (byte(12) >> 4 !== 2) throw malformed(`its version is ${byte(12) >> 4}`);
  if (length > 4096) throw malformed(`it claims ${length} bytes`);
  const command = byte(12) & 15;
  if (command > 1) throw malformed(`its command is ${command}`);
  // The proxy's own health check: whatever it says of addresses does not count.
  if (command === 0) return bytes.length < length ? undefined : { address: undefined, length };
  const [family, transport] = [byte(13) >> 4, byte(13) & 15];
  if (family > 3 || transport > 2) throw malformed(`its family is ${family}, its transport ${transport}`);
  const isStream = transport === 1;
  if (family === 1 && (!isStream || length < 28)) throw malformed('it holds no IPv4 addresses of a TCP connection');
  if (family === 2 && (!isStream || length < 52)) throw malformed('it holds no IPv6 addresses of a TCP connection');
  if (bytes.length < length) return undefined;
  if (family === 1) return { address: [16, 17, 18, 19].map(byte).join('.'), length };
  if (family === 2) return { address: Array.from({ length: 8 }, (_, n) => word(16 + 2 * n).toString(16)).join(':'), length };
  // Not an address of the network: the connection's own counts.
  return { address: undefined, length };
}

/** 4 or 6; 0 for what is no address. A zone (`%eth0`) would be one of the proxy's. */
function versionOf(address: string): number {
  return address.includes('%') ? 0 : process.getBuiltinModule('node:net').isIP(address);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function malformed(why: string): ProtocolError {
  return new ProtocolError(
    'FASTAGI_PROXY_HEADER',
    `no PROXY header can be read: ${why}; have the proxy send one (send-proxy), or take it out of [fastagi] proxy_protocol`,
  );
}

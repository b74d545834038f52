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
  return bytes.length < start.length ? start.startsWith(bytes) : bytes.startsWith(start);
}

function parseV1(bytes: string): ProxyHeader | undefined {
  const end = bytes.indexOf('\r\n');
  if (end < 0) {
    if (bytes.length > longestV1) throw malformed('its line does not end');
    return undefined;
  }
  const [, family, address] = bytes.slice(0, Math.min(end, longestV1)).split(' ');
  if (family === 'UNKNOWN') return { address: undefined, length: end + 2 };
  const shape = family === 'TCP4' ? /^[\d.]{7,15}$/ : family === 'TCP6' ? /^[\da-fA-F:.]{2,45}$/ : undefined;
  if (!shape?.test(address ?? '')) throw malformed('its line names no address');
  return { address, length: end + 2 };
}

function parseV2(bytes: string): ProxyHeader | undefined {
  const byte = (at: number): number => bytes.charCodeAt(at);
  const word = (at: number): number => byte(at) * 256 + byte(at + 1);
  const length = 16 + word(14);
  if (byte(12) >> 4 !== 2) throw malformed(`its version is ${byte(12) >> 4}`);
  if (length > 4096) throw malformed(`it claims ${length} bytes`);
  if (bytes.length < length) return undefined;
  const isLocal = (byte(12) & 15) === 0;
  const family = byte(13) >> 4;
  if (isLocal) return { address: undefined, length };
  if (family === 1 && length >= 28) return { address: [16, 17, 18, 19].map(byte).join('.'), length };
  if (family === 2 && length >= 52) {
    return { address: Array.from({ length: 8 }, (_, n) => word(16 + 2 * n).toString(16)).join(':'), length };
  }
  return { address: undefined, length };
}

function malformed(why: string): ProtocolError {
  return new ProtocolError(
    'FASTAGI_PROXY_HEADER',
    `no PROXY header can be read: ${why}; connect through the proxy, or set [fastagi] proxy_protocol=false`,
  );
}

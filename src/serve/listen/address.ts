import { once } from 'node:events';
import { isIP, type Server } from 'node:net';
import { ConfigError } from '../../ground/errors';

/** Has a server listen at `host:port`, `[IPv6]:port`, or a port of this machine alone. Throws ConfigError. @param key what the address stands in */
export async function listenAt(server: Server, address: string, key: string): Promise<void> {
  const { host, port } = addressIn(address, key);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError('FASTAGI_LISTEN', `${key} ${address}: ${(cause as Error).message}; name another address or port`, { cause });
  }
}

function addressIn(text: string, key: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  const host = colon < 0 ? '127.0.0.1' : text.slice(0, colon).replace(/^\[([^\]]*)\]$/, '$1');
  const port = Number(text.slice(colon + 1));
  if (Number.isInteger(port) && port > 0 && port < 65_536 && (isIP(host) > 0 || host === 'localhost')) return { host, port };
  throw new ConfigError('FASTAGI_LISTEN', `${key} ${text} is no address and port; write it so: 127.0.0.1:9573`);
}

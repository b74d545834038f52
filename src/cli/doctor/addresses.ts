import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { parseServer } from '../../manager/wire/server-address';
import { isLoopback } from '../services/finding';

/** Whether a server's address is one of this machine's; false too for a name that nobody knows. */
export async function isOnThisMachine(server: string): Promise<boolean> {
  const { host } = parseServer(server);
  if (isLoopback(host)) return true;
  const own = Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address));
  const address = isIP(host) ? host : await lookup(host).then(({ address: found }) => found, () => ''); // prettier-ignore
  return isLoopback(address) || own.includes(address);
}

import type { BlockList } from 'node:net';
import { ConfigError, ScriptError } from '../ground/errors';

/** Throws ScriptError where the peer is not among those allowed, which are addresses and networks (`10.0.0.0/8`). */
export function checkPeer(address: string | undefined, allow: readonly string[]): void {
  if (isListed(address, allow, 'allow')) return;
  throw new ScriptError(
    'FASTAGI_PEER_REFUSED',
    `calls from ${address === undefined ? 'an unknown address' : plainAddress(address)} are not allowed; [fastagi] allow lists who may call`,
    { status: 'FORBIDDEN' },
  );
}

/** Whether an address is in a list of addresses and networks. Throws ConfigError for an entry that is neither. @param key the setting */
export function isListed(address: string | undefined, entries: readonly string[], key: string): boolean {
  const net = process.getBuiltinModule('node:net');
  // One list would take IPv4 addresses for members of ::/0.
  const lists = { ipv4: new net.BlockList(), ipv6: new net.BlockList() };
  for (const entry of entries) addEntry(lists[familyOf(entry)], entry, key);
  const plain = plainAddress(address ?? '');
  const family = familyOf(plain);
  // What is no address is in no list.
  return lists[family].check(plain, family);
}

/** An IPv4 address that came over an IPv6 socket is written as the IPv4 address that it is. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%[^]*/, '');
}

function addEntry(list: BlockList, entry: string, key: string): void {
  const slash = entry.indexOf('/');
  const [address, prefix] = slash === -1 ? [entry] : [entry.slice(0, slash), entry.slice(slash + 1)];
  try {
    if (prefix === undefined) list.addAddress(plainAddress(address), familyOf(address));
    else list.addSubnet(address, /^\d+$/.test(prefix) ? Number(prefix) : NaN, familyOf(address));
  } catch (cause) {
    throw new ConfigError('FASTAGI_CONFIG_VALUE', `[fastagi] ${key}: ${entry} is neither an address nor a network such as 10.0.0.0/8`, {
      cause,
    });
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return plainAddress(address).includes(':') ? 'ipv6' : 'ipv4';
}

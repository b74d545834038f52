import { readFileSync } from 'node:fs';

/** A TCP socket, as the kernel lists it. */
export interface TcpSocket {
  /** Its own address, as the kernel writes it: four bytes each, the least significant first. */
  readonly address: string;
  readonly port: number;
  /** The other end's, written likewise. */
  readonly peer: { readonly address: string; readonly port: number };
  readonly isListening: boolean;
  readonly inode: string;
  /** Bytes that nobody has read; of a socket that listens, connections that nobody has accepted. */
  readonly waiting: number;
  /** How many times in a row what was sent last had to be sent again, as nobody acknowledged it. */
  readonly retransmits: number;
}

/** What the kernel calls a socket that listens. */
const listening = '0A';

/** All TCP sockets of this process's network; none of a table that is not there. @see proc_net_tcp(5) */
export function tcpSockets(): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((table) => parseTcpTable(networkTable(table)));
}

/** The text of such a table -> its sockets. */
export function parseTcpTable(text: string): TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [, local = '', remote = '', state, queues = '', , retransmits = '', , , inode = ''] = line.trim().split(/ +/);
      return {
        ...placeOf(local),
        peer: placeOf(remote),
        retransmits: parseInt(retransmits, 16),
        isListening: state === listening,
        inode,
        waiting: parseInt(queues.slice(queues.indexOf(':') + 1), 16),
      };
    });
}

function placeOf(text: string): { readonly address: string; readonly port: number } {
  const [address = '', port = ''] = text.split(':');
  return { address, port: parseInt(port, 16) };
}

/** An address as the kernel writes it -> as people do. */
export function addressText(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).toReversed().map((byte) => parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`;
  const words = Array.from({ length: 8 }, (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16));
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

/** What the kernel says of this process's network; empty if it does not have such a table. */
export function networkTable(name: string): string {
  try {
    return readFileSync(`/proc/self/net/${name}`, 'latin1');
  } catch {
    return '';
  }
}

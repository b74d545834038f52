import { readFileSync } from 'node:fs';

/** A TCP socket, as the kernel lists it. */
export interface TcpSocket {
  /** Its own address, as the kernel writes it: four bytes each, the least significant first. */
  readonly address: string;
  readonly port: number;
  readonly isListening: boolean;
  readonly inode: string;
  /** Bytes that nobody has read; of a socket that listens, connections that nobody has accepted. */
  readonly waiting: number;
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
      const [, local = '', , state, queues = '', , , , , inode = ''] = line.trim().split(/ +/);
      const [address = '', port = ''] = local.split(':');
      return {
        address,
        port: parseInt(port, 16),
        isListening: state === listening,
        inode,
        waiting: parseInt(queues.slice(queues.indexOf(':') + 1), 16),
      };
    });
}

/** What the kernel says of this process's network; empty if it does not have such a table. */
export function networkTable(name: string): string {
  try {
    return readFileSync(`/proc/self/net/${name}`, 'latin1');
  } catch {
    return '';
  }
}

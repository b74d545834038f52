import { readFileSync } from 'node:fs';

/** Connections that wait to be accepted, on listening sockets of these ports. @see proc_net_tcp(5) */
export function acceptQueue(ports: readonly number[]): number {
  let waiting = 0;
  for (const table of ['/proc/self/net/tcp', '/proc/self/net/tcp6']) {
    for (const line of linesOf(table)) {
      const [, local = '', , state, queues = ''] = line.trim().split(/ +/, 5);
      if (state !== '0A' || !ports.includes(parseInt(local.slice(local.lastIndexOf(':') + 1), 16))) continue;
      waiting += parseInt(queues.slice(queues.indexOf(':') + 1), 16);
    }
  }
  return waiting;
}

/** Connections that the kernel turned away since this machine began, since somebody's queue was full. @see nstat(8) */
export function listenOverflows(): number {
  const [names = '', values = ''] = linesOf('/proc/self/net/netstat').filter((line) => line.startsWith('TcpExt:'));
  const at = names.split(' ').indexOf('ListenOverflows');
  return at < 0 ? 0 : Number(values.split(' ')[at]);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\n');
  } catch {
    return [];
  }
}

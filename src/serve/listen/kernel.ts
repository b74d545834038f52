import { networkTable, tcpSockets } from '../../ground/tcp-sockets';

/** Connections that wait to be accepted, on listening sockets of these ports. */
export function acceptQueue(ports: readonly number[]): number {
  const own = tcpSockets().filter(({ isListening, port }) => isListening && ports.includes(port));
  return own.reduce((sum, { waiting }) => sum + waiting, 0);
}

/** Connections that the kernel turned away since this machine began, since somebody's queue was full. @see nstat(8) */
export function listenOverflows(): number {
  const [names = '', values = ''] = networkTable('netstat')
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'));
  const at = names.split(' ').indexOf('ListenOverflows');
  return at < 0 ? 0 : Number(values.split(' ')[at]);
}

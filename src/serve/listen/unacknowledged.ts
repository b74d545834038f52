import type { Socket } from 'node:net';
import { addressText, tcpSockets } from '../../ground/tcp-sockets';
import { monotonic } from './monotonic';

/**
 * Closes connections on which nobody acknowledges what was sent. Such a one is not probed: the kernel sends the same again for a quarter of an
 * hour, and Node can have it no sooner.
 * @param sockets those that there are
 * @param patience so long a peer may be silent, in s
 */
export function watchUnacknowledged(sockets: ReadonlySet<Socket>, patience: number, lost: (socket: Socket) => void): void {
  const pause = Math.min(longestPause, (1000 * patience) / 4);
  /** Since when what was sent is sent again, by `monotonic`. */
  let since = new Map<Socket, number>();
  const look = (): void => {
    const now = monotonic();
    const before = since;
    since = new Map(sockets.size > 0 ? silentOnes(sockets).map((socket) => [socket, before.get(socket) ?? now]) : []);
    // It began a pause before it was seen, and the next look is a pause away.
    for (const [socket, first] of since) if (now - first >= 1000 * patience - 2 * pause) lost(socket);
  };
  setInterval(look, pause).unref();
}

/** In ms: the kernel's table is long if there are many sockets. */
const longestPause = 15_000;

function silentOnes(sockets: ReadonlySet<Socket>): Socket[] {
  const silent = tcpSockets().filter(({ retransmits }) => retransmits > 0);
  if (silent.length === 0) return [];
  const keys = new Set(silent.map(({ port, peer }) => `${port} ${addressText(peer.address)} ${peer.port}`));
  return [...sockets].filter(({ localPort, remoteAddress, remotePort }) => keys.has(`${localPort} ${remoteAddress} ${remotePort}`));
}

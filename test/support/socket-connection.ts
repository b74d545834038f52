import type { Socket } from 'node:net';
import type { Connection, Receiver } from '../../src/call/connection';

/** A connection on a socket that is paused. */
export function connectionOf(socket: Socket): Connection {
  let receiver: Receiver | undefined;
  socket.on('error', () => undefined);
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const bytes = socket.read() as Buffer | null;
      if (bytes) return bytes.toString('latin1');
      if (socket.readableEnded || socket.destroyed) return undefined;
      await new Promise<void>((resolve) => socket.once('readable', () => resolve()).once('close', () => resolve()));
    }
  };
  return {
    read: next,
    attach(to) {
      const before = receiver;
      receiver = to;
      if (before) return before;
      socket.removeAllListeners('readable');
      socket.on('data', (bytes: Buffer) => receiver?.receive(bytes.toString('latin1')));
      for (const event of ['end', 'error', 'close']) socket.on(event, () => receiver?.end());
      socket.resume();
      return undefined;
    },
    write: (bytes) => socket.write(bytes, 'latin1'),
    drained: async () => undefined,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    peer: () => socket.remoteAddress,
    close: () => new Promise<void>((resolve) => void socket.end(() => resolve())),
  };
}

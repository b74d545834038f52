import type { Socket } from 'node:net';
import type { Connection, Receiver } from '../../call/connection';

/** A connection that a server accepted, apart from the calls' own view of it. */
export interface SocketConnection extends Connection {
  /** Settles when it is closed, or another process has it. */
  readonly closed: Promise<void>;
  /** Nothing more is read; another process goes on with the socket. Only before `attach`, and after a whole request was read. */
  handOver(): Socket;
}

/** Who gets what comes: nobody yet, somebody who asked for the next bytes, a receiver, another process, nobody any more. */
type State = 'open' | 'reading' | 'streaming' | 'handed' | 'closed';

/** So long a peer that does not read may hold up the close, in ms. */
const longestClose = 1000;

/** A call's connection on an accepted socket. What comes before somebody asks for it is kept. */
export function socketConnection(socket: Socket): SocketConnection {
  const peer = socket.remoteAddress;
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  let state: State = 'open';
  let receiver: Receiver | undefined;
  let kept = '';
  let isEnded = false;
  let asked: ((bytes: string | undefined) => void) | undefined;
  let drained: (() => void) | undefined;

  const take = (): string | undefined => {
    const bytes = kept;
    kept = '';
    return bytes === '' ? undefined : bytes;
  };

  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    drained?.();
    if (asked) answer(undefined);
    else receiver?.end();
  };

  const answer = (bytes: string | undefined): void => {
    const told = asked;
    asked = undefined;
    if (state === 'reading') state = 'open';
    told?.(bytes);
  };

  socket.on('data', (bytes: Buffer) => {
    const text = bytes.latin1Slice(0, bytes.length);
    if (state === 'streaming') receiver?.receive(text);
    else if (asked) answer(text);
    else if (state === 'open') kept += text;
  });
  socket.on('end', end);
  socket.on('error', end);
  socket.on('close', end);
  socket.on('drain', () => drained?.());

  return {
    closed,
    read() {
      const here = take();
      if (here !== undefined || isEnded) return here;
      state = 'reading';
      return new Promise((resolve) => {
        asked = resolve;
      });
    },
    attach(to) {
      const before = receiver;
      receiver = to;
      if (before) return before;
      state = 'streaming';
      const rest = take();
      // Whoever still awaits bytes gets none: they are the receiver's now.
      asked = undefined;
      if (rest !== undefined) to.receive(rest);
      if (isEnded) to.end();
      return undefined;
    },
    write: (bytes) => socket.writable && socket.write(bytes, 'latin1'),
    drained() {
      if (isEnded || socket.destroyed || !socket.writableNeedDrain) return Promise.resolve();
      return new Promise((resolve) => {
        drained = resolve;
      });
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    peer: () => peer,
    local: () => socket.localAddress,
    handOver() {
      state = 'handed';
      stopReading(socket);
      return socket;
    },
    close() {
      if (state === 'handed') return Promise.resolve();
      if (state === 'closed' || socket.destroyed) return closed;
      state = 'closed';
      const timer = setTimeout(() => socket.destroy(), longestClose);
      socket.end();
      if (isEnded) socket.destroySoon();
      return closed.then(() => clearTimeout(timer));
    },
  };
}

/** A socket goes to another process with what the kernel has; what Node has read already would be lost. It has no public method for this. */
export function stopReading(socket: Socket): void {
  socket.pause();
  (socket as Socket & { _handle?: { readStop?: () => unknown } | null })._handle?.readStop?.();
}

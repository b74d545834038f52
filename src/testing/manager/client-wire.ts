import type { Socket } from 'node:net';

/** How the simulated manager writes to a client. */
export interface WritingOptions {
  /** Has everything go out in pieces of so many bytes, each by itself. */
  readonly cutEvery?: number;
  /** How long a client may leave what is written unread, in ms (100), as `writetimeout` of manager.conf. */
  readonly writeTimeout?: number;
}

/** The way to one client. */
export interface ClientWire {
  /** @param bytes a byte a character */
  write(bytes: string): void;
  /** Closes when all is written. */
  end(): void;
  /** Closes at once, in order. */
  close(): void;
}

/** Asterisk gives a client up that does not read, wherever it is in a message. */
export function createClientWire(socket: Socket, { cutEvery, writeTimeout = 100 }: WritingOptions): ClientWire {
  const waiting: string[] = [];
  let isWriting = false;
  let hasToEnd = false;
  let timer: NodeJS.Timeout | undefined;

  const flushed = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  socket.on('drain', flushed).on('close', () => {
    flushed();
    waiting.length = 0;
  });

  const send = (bytes: string): void => {
    if (!socket.writable || socket.write(bytes, 'latin1')) return;
    timer ??= setTimeout(() => socket.resetAndDestroy(), writeTimeout);
  };

  const sendPieces = (): void => {
    const piece = waiting.shift();
    isWriting = piece !== undefined;
    if (piece !== undefined) {
      send(piece);
      setImmediate(sendPieces);
    } else if (hasToEnd) socket.end();
  };

  return {
    write(bytes) {
      if (cutEvery === undefined) return send(bytes);
      for (let at = 0; at < bytes.length; at += cutEvery) waiting.push(bytes.slice(at, at + cutEvery));
      if (!isWriting) sendPieces();
    },
    end() {
      hasToEnd = true;
      if (!isWriting) socket.end();
    },
    close: () => void socket.destroy(),
  };
}

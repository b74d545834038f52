import { closeSync, constants, openSync, read, readSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Who takes what comes over a connection. */
export interface Receiver {
  receive(bytes: string): void;
  end(): void;
}

/** One call's way to Asterisk. Bytes are strings with a character for each byte. */
export interface Connection {
  /** The next bytes, or undefined at the end. Only before `attach`. */
  read(): Promise<string | undefined>;
  /** From now on the receiver gets what comes. */
  attach(receiver: Receiver): void;
  write(bytes: string, answersAtOnce: boolean): void;
  /** The address at the other end, where it has one. */
  remoteAddress(): string | undefined;
  /** Writes at once and waits up to half a second for an answer, without the event loop: for a process that is about to end. */
  exchangeNow(bytes: string): void;
  /** Whether a thread waits for bytes, so that an ordinary exit would wait with it. */
  readonly blocked: boolean;
  close(): void;
}

/**
 * A connection on descriptors that a super-server or Asterisk opened. Reading begins with plain reads in libuv's
 * thread pool: loading node:net costs 5 to 8 ms, and calls whose commands all answer at once never need it. As soon
 * as a command takes time, or none is under way, node:net takes over, which alone notices a hangup at any time.
 */
export function openConnection(input: number, output: number): Connection {
  const buffer = Buffer.allocUnsafe(65_536);
  let receiver: Receiver | undefined;
  let socket: Socket | undefined;
  let reading = false;
  let cannotStream = false;
  let closed = false;

  const pooledRead = (done: (bytes: string | undefined) => void): void => {
    reading = true;
    read(input, buffer, 0, buffer.length, null, (error, length) => {
      reading = false;
      if (error?.code === 'EAGAIN') setTimeout(() => pooledRead(done), 5);
      else done(error || length === 0 ? undefined : buffer.toString('latin1', 0, length));
    });
  };

  const deliver = (bytes: string | undefined): void => {
    if (closed) return;
    if (bytes === undefined) return receiver?.end();
    receiver?.receive(bytes);
    if (cannotStream) readOn();
    else setImmediate(streamWhenIdle);
  };

  const readOn = (): void => {
    if (!reading && !socket && !closed) pooledRead(deliver);
  };

  const streamWhenIdle = (): void => {
    if (!reading && !socket && !closed) stream();
  };

  const stream = (): void => {
    const net = process.getBuiltinModule('node:net');
    try {
      socket = new net.Socket({ fd: input, readable: true, writable: input === output });
    } catch {
      // A file or a terminal: nobody calls, somebody tries a script by hand.
      cannotStream = true;
      return readOn();
    }
    socket.on('error', () => receiver?.end());
    if (receiver) flow(socket, receiver);
  };

  // Without a listener for data nothing is read, so nothing is lost before somebody is there to take it.
  const flow = (from: Socket, to: Receiver): void => {
    from.on('data', (bytes: Buffer) => to.receive(bytes.toString('latin1')));
    from.on('end', () => to.end());
    from.on('close', () => to.end());
  };

  const writeAll = (bytes: string): void => {
    if (socket && input === output) {
      socket.write(bytes, 'latin1');
      return;
    }
    writeAllNow(output, bytes);
  };

  return {
    read: () => new Promise((resolve) => pooledRead(resolve)),
    attach(to) {
      receiver = to;
      if (socket) flow(socket, to);
      setImmediate(streamWhenIdle);
    },
    write(bytes, answersAtOnce) {
      try {
        writeAll(bytes);
      } catch {
        // Asterisk closed its end; the receiver learns it as from a read.
        setImmediate(() => receiver?.end());
        return;
      }
      if (answersAtOnce || cannotStream) readOn();
      else streamWhenIdle();
    },
    remoteAddress() {
      if (!socket) stream();
      return socket?.remoteAddress;
    },
    exchangeNow(bytes) {
      if (closed) return;
      const napping = new Int32Array(new SharedArrayBuffer(4));
      try {
        writeAllNow(input === output ? input : output, bytes);
        // A thread that waits already gets the answer itself.
        for (let nap = 0; nap < (reading ? 0 : 100); nap++) {
          if (answered(input, buffer)) return;
          Atomics.wait(napping, 0, 0, 5);
        }
      } catch {
        // The connection is gone, and the process will be in a moment.
      }
    },
    get blocked() {
      return reading;
    },
    close() {
      if (closed) return;
      closed = true;
      socket?.destroy();
      for (const descriptor of new Set([input, output])) {
        // libuv leaves the standard descriptors open, and aborts where it finds one of its own among them.
        if (descriptor <= 2) replaceByNull(descriptor);
        else if (descriptor !== input || !socket) closeSync(descriptor);
      }
    },
  };
}

function writeAllNow(descriptor: number, bytes: string): void {
  const all = Buffer.from(bytes, 'latin1');
  for (let at = 0; at < all.length;) at += writeSync(descriptor, all, at);
}

/** Whether something came, or nothing more will. */
function answered(descriptor: number, buffer: Buffer): boolean {
  try {
    readSync(descriptor, buffer);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
}

function replaceByNull(descriptor: number): void {
  closeSync(descriptor);
  openSync('/dev/null', constants.O_RDWR);
}

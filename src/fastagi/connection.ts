import { closeSync, constants, openSync, read, readSync, writeSync } from 'node:fs';
import type { Socket, SocketConstructorOpts } from 'node:net';

/** Who takes what comes over a connection. */
export interface Receiver {
  receive(bytes: string): void;
  end(): void;
}

/** One call's way to Asterisk. Bytes are strings with a character for each byte. */
export interface Connection {
  /** Shows the bytes that are here already, if any, which are taken if they are wanted. Only at first. */
  glance(isWanted: (bytes: string) => boolean): void;
  /** The next bytes, or undefined at the end. Only before `attach`, which gets what is still awaited then. */
  read(): Promise<string | undefined>;
  /** From now on the receiver gets what comes. */
  attach(receiver: Receiver): void;
  /** @returns whether the peer keeps up; where not, wait for `drained` before the next one */
  write(bytes: string, answersAtOnce: boolean): boolean;
  /** When the peer has taken what was written, or is gone. */
  drained(): Promise<void>;
  /** Takes nothing from the peer until `resume`, so that it has to wait. */
  pause(): void;
  resume(): void;
  /** The address at the other end, where it has one. */
  remoteAddress(): string | undefined;
  /** Writes at once and waits up to half a second for an answer, without the event loop: for a process that is about to end. */
  exchangeNow(bytes: string): void;
  /** Whether a thread waits for bytes, so that an ordinary exit would wait with it. */
  readonly blocked: boolean;
  /** From now on nothing is read here: another process goes on with the descriptors, and `close` leaves it the connection. Only before `attach`. */
  handOver(): Promise<HandedConnection>;
  /** Ends the connection for Asterisk, whoever else holds its descriptor; what was written goes out first, for a second at most. */
  close(): Promise<void>;
}

export interface HandedConnection {
  readonly input: number;
  readonly output: number;
  /** What came and was not asked for yet. */
  readonly unread: string;
}

const mostAtOnce = 65_536;
/** So long a peer that does not read may hold up the close, in ms. */
const longestClose = 1000;
const settled = Promise.resolve();

/**
 * A connection on descriptors that a super-server or Asterisk opened. Reading begins with plain reads in libuv's
 * thread pool: loading node:net costs 5 to 8 ms, and calls whose commands all answer at once never need it. As soon
 * as a command takes time, or none is under way, node:net takes over, which alone notices a hangup at any time.
 * @param isRequestRead whether another process has read the request already
 */
export function openConnection(input: number, output: number, isRequestRead = false): Connection {
  let receiver: Receiver | undefined;
  let socket: Socket | undefined;
  /** The read that a thread waits in. */
  let reading: object | undefined;
  let cannotStream = false;
  let paused = false;
  let closed = false;
  let handed = false;

  const pooledRead = (buffer: Buffer, done: (bytes: string | undefined) => void): void => {
    const mine = {};
    reading = mine;
    read(input, buffer, 0, buffer.length, null, (error, length) => {
      if (reading === mine) reading = undefined;
      if (error?.code === 'EAGAIN') setTimeout(() => pooledRead(buffer, done), 5);
      else done(error || length === 0 ? undefined : buffer.latin1Slice(0, length));
    });
  };

  // The first read is begun at once: what is done until somebody asks is done while the thread pool starts and reads.
  const firstBuffer = Buffer.from(new SharedArrayBuffer(mostAtOnce));
  let glanced = 0;
  let first: Promise<string | undefined> | undefined;
  if (!isRequestRead) {
    first = new Promise((resolve) => {
      pooledRead(firstBuffer, (bytes) => {
        resolve(bytes);
        if (receiver && glanced === 0) deliver(bytes);
        else if (glanced > 0 && !handed && (bytes === undefined || bytes.length > glanced)) deliver(bytes?.slice(glanced));
      });
    });
  }

  let buffer: Buffer | undefined;
  const readNext = (done: (bytes: string | undefined) => void): void => {
    pooledRead((buffer ??= Buffer.allocUnsafe(mostAtOnce)), done);
  };

  const deliver = (bytes: string | undefined): void => {
    if (closed) return;
    if (bytes === undefined) return receiver?.end();
    receiver?.receive(bytes);
    if (cannotStream) readOn();
    else void settled.then(whenNothingIsLeft);
  };

  const readOn = (): void => {
    if (!reading && !socket && !closed) readNext(deliver);
  };

  const streamWhenIdle = (): void => {
    if (!reading && !socket && !closed) stream();
  };

  // A tick comes after all that promises have to do, and that may be the next command.
  const whenNothingIsLeft = (): void => process.nextTick(streamWhenIdle);

  const stream = (): void => {
    const net = process.getBuiltinModule('node:net');
    try {
      // With a buffer of its own a socket stops reading at once when it is paused.
      const onread = { buffer: (buffer ??= Buffer.allocUnsafe(mostAtOnce)), callback: take };
      const options: SocketConstructorOpts & { onread: typeof onread } = { fd: input, readable: true, writable: input === output, onread };
      socket = new net.Socket(options);
    } catch {
      // A file or a terminal: nobody calls, somebody tries a script by hand.
      cannotStream = true;
      return readOn();
    }
    // Nothing is read before somebody is there to take it.
    if (!receiver || paused) socket.pause();
    for (const event of ['error', 'end', 'close']) socket.on(event, () => receiver?.end());
  };

  const take = (length: number, bytes: Uint8Array): boolean => {
    receiver?.receive((bytes as Buffer).latin1Slice(0, length));
    return true;
  };

  const writeAll = (bytes: string): boolean => {
    if (socket && input === output) return socket.write(bytes, 'latin1');
    writeAllNow(output, bytes);
    return true;
  };

  const end = async (): Promise<void> => {
    // A child of the script's may hold a copy of the descriptor, or a thread of ours wait in it.
    if (!socket && input === output && (reading || mayHaveChildren())) stream();
    if (socket) await shutDown(socket);
  };

  return {
    glance(isWanted) {
      // A thread is filling the buffer, perhaps this very moment; what Asterisk sends first holds no NUL.
      const end = firstBuffer.indexOf(0);
      const bytes = firstBuffer.latin1Slice(0, end < 0 ? firstBuffer.length : end);
      if (bytes === '' || !isWanted(bytes)) return;
      glanced = bytes.length;
      reading = undefined;
    },
    read() {
      const next =
        first ??
        new Promise((resolve) => {
          readNext((bytes) => (receiver ? deliver(bytes) : resolve(bytes)));
        });
      first = undefined;
      return next;
    },
    attach(to) {
      receiver = to;
      if (!paused) socket?.resume();
      whenNothingIsLeft();
    },
    write(bytes, answersAtOnce) {
      let keepsUp = true;
      try {
        keepsUp = writeAll(bytes);
      } catch {
        // Asterisk closed its end; the receiver learns it as from a read.
        setImmediate(() => receiver?.end());
        return true;
      }
      if (answersAtOnce || cannotStream) readOn();
      else streamWhenIdle();
      return keepsUp;
    },
    async drained() {
      if (!socket || socket.destroyed || !socket.writableNeedDrain) return;
      const { once } = process.getBuiltinModule('node:events');
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      await once(socket, 'drain', { signal: gone.signal }).catch(() => undefined);
    },
    pause() {
      paused = true;
      socket?.pause();
    },
    resume() {
      paused = false;
      socket?.resume();
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
          if (answered(input, firstBuffer)) return;
          Atomics.wait(napping, 0, 0, 5);
        }
      } catch {
        // The connection is gone, and the process will be in a moment.
      }
    },
    get blocked() {
      return reading !== undefined;
    },
    async handOver() {
      handed = true;
      socket?.pause();
      const unread = glanced === 0 ? '' : ((await first)?.slice(glanced) ?? '');
      return { input, output, unread };
    },
    async close() {
      if (closed) return;
      closed = true;
      // The other process has the connection now; only this copy of its descriptor goes.
      if (handed) socket?.destroy();
      else await end();
      for (const descriptor of new Set([input, output])) {
        // libuv leaves the standard descriptors open, and aborts where it finds one of its own among them.
        if (descriptor <= 2) replaceByNull(descriptor);
        else if (descriptor !== input || !socket) closeSync(descriptor);
      }
    },
  };
}

/** Child processes cannot be started without node:net, which is not loaded just to find out. */
function mayHaveChildren(): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] };
  return moduleLoadList?.includes('NativeModule net') ?? true;
}

/** Asterisk sees the end, however many copies of the descriptor there are. */
async function shutDown(socket: Socket): Promise<void> {
  if (!socket.destroyed && socket.writable) {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestClose);
      socket.once('close', resolve);
      socket.end(resolve);
    });
    clearTimeout(timer);
  }
  socket.destroy();
}

function writeAllNow(descriptor: number, bytes: string): void {
  // A character is a byte here.
  for (let left = bytes; left !== '';) left = left.slice(writeSync(descriptor, left, null, 'latin1'));
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

import { closeSync, constants, openSync } from 'node:fs';
import type { Socket, SocketConstructorOpts } from 'node:net';
import type { Readable } from 'node:stream';
import type { Connection, Receiver } from '../../call/connection';
import { exchangeNow, writeNow } from './exchange-now';
import { beginRead, type FirstRead } from './first-read';
import { createPooledReader } from './pooled-reader';

/** A connection on descriptors of this process. */
export interface Descriptors extends Connection {
  /** Writes at once and waits up to half a second for an answer, without the event loop: for a process that is about to end. */
  exchangeNow(bytes: string): void;
  /** Whether a thread waits for bytes, so that an ordinary exit would wait with it. */
  readonly isBlocked: boolean;
  /** From now on nothing is read here: another process goes on with the descriptors, and `close` leaves it the connection. Only before `attach`. */
  handOver(): Promise<HandedConnection>;
}

interface HandedConnection {
  readonly input: number;
  readonly output: number;
  /** What came and was not asked for yet. */
  readonly unread: string;
}

/**
 * Who has the descriptor that bytes come from: nobody at this moment, a thread that waits in a read, a thread for good (a file or a terminal:
 * somebody tries a script by hand), node:net, another process, nobody any more.
 */
type State = 'idle' | 'reading' | 'polling' | 'streaming' | 'handed' | 'closed';

const mostAtOnce = 65_536;
/** So long a peer that does not read may hold up the close, in ms. */
const longestClose = 1000;
const settled = Promise.resolve();
/** Asterisk started this program itself. */
const loopback = '127.0.0.1';

/**
 * A connection on descriptors that a super-server or Asterisk opened. Reading begins with plain reads in libuv's
 * thread pool: loading node:net costs 5 to 8 ms, and calls whose commands all answer at once never need it. As soon
 * as a command takes time, or none is under way, node:net takes over, which alone notices a hangup at any time.
 * @param isRequestRead whether another process has read the request already
 * @param by what this runtime can read with besides plain reads
 */
export function openDescriptors(input: number, output: number, isRequestRead = false, by: 'net' | 'reads' = 'net'): Descriptors {
  const reader = createPooledReader(input);
  let state: State = 'idle';
  let receiver: Receiver | undefined;
  let socket: Socket | undefined;
  let isPaused = false;
  /** Whether a command is under way whose answer comes without a wait. */
  let isAnswerNear = false;
  let buffer: Buffer | undefined;
  let first: FirstRead | undefined;

  if (!isRequestRead) {
    state = 'reading';
    first = beginRead(reader, mostAtOnce, (rest) => {
      if (state === 'reading') state = 'idle';
      if (!receiver) return;
      if (rest !== '') deliver(rest);
      else if (isAnswerNear) readOn();
      else whenNothingIsLeft();
    });
  }

  const readNext = (done: (bytes: string | undefined) => void): void => {
    state = 'reading';
    reader.read((buffer ??= Buffer.allocUnsafe(mostAtOnce)), (bytes) => {
      if (state === 'reading') state = 'idle';
      done(bytes);
    });
  };

  const deliver = (bytes: string | undefined): void => {
    if (state === 'closed' || state === 'handed') return;
    if (bytes === undefined) return receiver?.end();
    isAnswerNear = false;
    receiver?.receive(bytes);
    void settled.then(whenNothingIsLeft);
  };

  const readOn = (): void => {
    if (state !== 'idle') return;
    if (socket) stream();
    else readNext(deliver);
  };

  const streamWhenIdle = (): void => {
    if (state === 'idle') stream();
  };

  // A tick comes after all that promises have to do, and that may be the next command.
  const whenNothingIsLeft = (): void => process.nextTick(streamWhenIdle);

  const stream = (): void => {
    if (!openSocket()) return poll();
    state = 'streaming';
    // Nothing is read before somebody is there to take it.
    if (receiver && !isPaused) socket?.resume();
  };

  /** Gives it paused. Undefined for what node:net does not take. */
  const openSocket = (): Socket | undefined => {
    if (socket || by === 'reads') return socket;
    const net = process.getBuiltinModule('node:net');
    try {
      // With a buffer of its own a socket stops reading at once when it is paused.
      const onread = { buffer: (buffer ??= Buffer.allocUnsafe(mostAtOnce)), callback: take };
      const options: SocketConstructorOpts & { onread: typeof onread } = { fd: input, readable: true, writable: input === output, onread };
      socket = new net.Socket(options).pause();
    } catch {
      return undefined;
    }
    for (const event of ['error', 'end', 'close']) socket.on(event, () => receiver?.end());
    return socket;
  };

  const take = (length: number, bytes: Uint8Array): boolean => {
    receiver?.receive((bytes as Buffer).latin1Slice(0, length));
    return true;
  };

  const poll = (): void => {
    state = 'polling';
    reader.read((buffer ??= Buffer.allocUnsafe(mostAtOnce)), (bytes) => {
      if (state !== 'polling') return;
      if (bytes === undefined) return receiver?.end();
      receiver?.receive(bytes);
      poll();
    });
  };

  const isBlocked = (): boolean => reader.isWaiting && !first?.isFinishing;

  const writeAll = (bytes: string): boolean => {
    if (socket && input === output) return socket.write(bytes, 'latin1');
    writeNow(output, bytes);
    return true;
  };

  return {
    read() {
      const here = first?.glance();
      if (here) return here;
      const rest = first?.rest;
      first = undefined;
      const readMore = (): Promise<string | undefined> =>
        new Promise((resolve) => {
          readNext((bytes) => (receiver ? deliver(bytes) : resolve(bytes)));
        });
      return rest ? rest.then((bytes) => (bytes === '' && !receiver ? readMore() : bytes)) : readMore();
    },
    attach(to) {
      const before = receiver;
      receiver = to;
      if (state === 'streaming' && !isPaused) socket?.resume();
      if (!before) whenNothingIsLeft();
      return before;
    },
    write(bytes, answersAtOnce) {
      let keepsUp = true;
      isAnswerNear = answersAtOnce;
      try {
        keepsUp = writeAll(bytes);
      } catch {
        // Asterisk closed its end; the receiver learns it as from a read.
        setImmediate(() => receiver?.end());
        return true;
      }
      if (answersAtOnce) readOn();
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
      isPaused = true;
      socket?.pause();
    },
    resume() {
      isPaused = false;
      if (state === 'streaming') socket?.resume();
    },
    peer() {
      // xinetd and systemd say it in the environment, which is cheaper than asking the socket.
      const told = process.env['REMOTE_HOST'] ?? process.env['REMOTE_ADDR'];
      if (told !== undefined) return told;
      return openSocket()?.remoteAddress;
    },
    local: () => (input === output ? openSocket()?.localAddress : loopback),
    exchangeNow(bytes) {
      if (state !== 'closed') exchangeNow(input, output, bytes, isBlocked());
    },
    get isBlocked() {
      // Only node:net's runtime waits for its threads at an exit.
      return by === 'net' && isBlocked();
    },
    async handOver() {
      state = 'handed';
      socket?.pause();
      return { input, output, unread: (await first?.rest) ?? '' };
    },
    async close() {
      if (state === 'closed') return;
      const isHanded = state === 'handed';
      // A child of the script's may hold a copy of the descriptor, or a thread of ours wait in it.
      if (!isHanded && !socket && input === output && (reader.isWaiting || mayHaveChildren())) openSocket();
      state = 'closed';
      // The other process has the connection now; only this copy of its descriptor goes.
      if (isHanded) socket?.destroy();
      else if (socket) await shutDown(socket);
      for (const descriptor of new Set([input, output])) {
        // libuv leaves the standard descriptors open, and aborts where it finds one of its own among them.
        if (descriptor <= 2) replaceByNull(descriptor);
        else if (descriptor !== input || !socket) closeSync(descriptor);
      }
    },
  };
}

/** What comes from a pipe: no thread waits for it. */
export function readPipe(fd: number): Readable {
  const net = process.getBuiltinModule('node:net');
  return new net.Socket({ fd, readable: true, writable: false });
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

function replaceByNull(descriptor: number): void {
  closeSync(descriptor);
  openSync('/dev/null', constants.O_RDWR);
}

import { constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Receiver } from '../../call/connection';
import { openDescriptors, type Descriptors } from './descriptors';
import { exchangeNow } from './exchange-now';
import { createPooledReader } from './pooled-reader';

/** Whether the connection is open, its other end is closed, or this one. */
type State = 'open' | 'ended' | 'closed';

const mostAtOnce = 65_536;
/** So long a peer that does not read may hold up the close, in ms. */
const longestClose = 1000;

/**
 * As `openDescriptors` under Bun: its event loop has the socket from the beginning, as its node:net reads nothing from a descriptor. Pipes and
 * files, which that does not take, are read as under Node.
 */
export function openBunDescriptors(input: number, output: number, isRequestRead = false): Descriptors {
  if (input !== output) return openDescriptors(input, output, isRequestRead, 'reads');
  const descriptor = input;
  let state: State = 'open';
  let receiver: Receiver | undefined;
  let isPaused = false;
  /** What came while nobody had asked. */
  let unread = '';
  /** Who asked before there was a receiver. */
  let asking: ((bytes: string | undefined) => void) | undefined;
  /** What the kernel did not take yet. */
  let unsent: Buffer = Buffer.alloc(0);
  /** Who waits until it has. */
  let waiting: (() => void)[] = [];

  const deliver = (bytes: string): void => {
    if (receiver) return receiver.receive(bytes);
    const ask = asking;
    asking = undefined;
    if (ask) return ask(bytes);
    unread += bytes;
    socket.pause();
  };

  const finish = (): void => {
    if (state !== 'open') return;
    state = 'ended';
    unsent = Buffer.alloc(0);
    wake();
    asking?.(undefined);
    receiver?.end();
  };

  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const done of woken) done();
  };

  const send = (bytes: Buffer): void => {
    const taken = socket.write(bytes);
    unsent = taken < bytes.length ? bytes.subarray(Math.max(taken, 0)) : Buffer.alloc(0);
  };

  const socket = connected(descriptor, {
    data: (_socket, bytes) => deliver((bytes as Buffer).latin1Slice(0, bytes.length)),
    drain() {
      if (unsent.length > 0) send(unsent);
      if (unsent.length === 0) wake();
    },
    end: finish,
    close() {
      keepTaken(descriptor);
      finish();
    },
    error(_socket, error) {
      finish();
      // What our own code throws there is no matter of the connection.
      if (!('syscall' in error)) queueMicrotask(() => {
        throw error;
      }); // prettier-ignore
    },
  });

  const resume = (): void => {
    if (!isPaused && state === 'open') socket.resume();
  };

  /** What the kernel has already, without a turn of the event loop. */
  const readNow = (): string | undefined => {
    const buffer = Buffer.allocUnsafe(mostAtOnce);
    try {
      return buffer.latin1Slice(0, readSync(descriptor, buffer));
    } catch {
      return undefined;
    }
  };

  const flushed = async (): Promise<void> => {
    if (unsent.length > 0 && state === 'open') await new Promise<void>((resolve) => waiting.push(resolve));
  };

  return {
    read() {
      const came = unread;
      unread = '';
      resume();
      if (came !== '') return came;
      if (state !== 'open') return undefined;
      // At the end of the connection Bun will say so.
      const here = readNow();
      return here ? here : new Promise((resolve) => (asking = resolve));
    },
    attach(to) {
      const before = receiver;
      receiver = to;
      queueMicrotask(() => {
        const came = unread;
        unread = '';
        if (came !== '') receiver?.receive(came);
        if (state === 'ended' && !before) receiver?.end();
        resume();
      });
      return before;
    },
    write(bytes) {
      // A character is a byte here.
      const data = Buffer.from(bytes, 'latin1');
      if (state !== 'open') setImmediate(() => receiver?.end());
      else if (unsent.length > 0) unsent = Buffer.concat([unsent, data]);
      else send(data);
      return unsent.length === 0;
    },
    drained: flushed,
    pause() {
      isPaused = true;
      socket.pause();
    },
    resume() {
      isPaused = false;
      resume();
    },
    peer: () => process.env['REMOTE_HOST'] ?? process.env['REMOTE_ADDR'] ?? socket.remoteAddress,
    local: () => socket.localAddress,
    exchangeNow(bytes) {
      if (state !== 'open') return;
      exchangeNow(descriptor, descriptor, unsent.toString('latin1') + bytes, false);
      unsent = Buffer.alloc(0);
    },
    isBlocked: false,
    handOver() {
      socket.pause();
      return Promise.resolve({ input, output, unread });
    },
    async close() {
      if (state === 'closed') return;
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([flushed(), new Promise((resolve) => (timer = setTimeout(resolve, longestClose)))]);
      clearTimeout(timer);
      state = 'closed';
      // Children of the script's may hold copies of the descriptor.
      socket.shutdown();
      socket.end();
      keepTaken(descriptor);
    },
  };
}

/** What comes from a pipe: Bun's own stream ends where there is nothing to read at once. */
export function readBunPipe(fd: number): Readable {
  const { Readable: Stream } = process.getBuiltinModule('node:stream');
  const reader = createPooledReader(fd);
  const buffer = Buffer.allocUnsafe(mostAtOnce);
  return new Stream({
    read() {
      reader.read(buffer, (bytes) => void this.push(bytes === undefined ? null : Buffer.from(bytes, 'latin1')));
    },
  });
}

/** Bun opens the socket before it returns. */
function connected(fd: number, handlers: Omit<BunSocketHandlers, 'open'>): BunSocket {
  let opened: BunSocket | undefined;
  void Bun.connect({ fd, allowHalfOpen: true, socket: { ...handlers, open: (socket) => void (opened = socket) } });
  if (!opened) throw new Error(`Bun ${process.versions['bun']} did not open descriptor ${fd}`);
  return opened;
}

/** Bun has closed it: no file that is opened later may get the number of a standard descriptor. */
function keepTaken(descriptor: number): void {
  try {
    fstatSync(descriptor);
  } catch {
    if (descriptor <= 2) openSync('/dev/null', constants.O_RDWR);
  }
}

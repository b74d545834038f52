import { Duplex } from 'node:stream';
import { createPacer } from './pacer';
import type { Met } from './rendezvous';
import { audioFrame, hangupFrame, type Frame } from './wire/frames';

/**
 * The caller, live: signed linear, 8 kHz, mono, 16 bit, little endian, both ways. What is read the caller said; what is written the caller hears, at the pace
 * of speech, however fast it is written. It ends, without an error, when the caller hangs up, when its signal fires, and after `end()`.
 */
export interface AudioSocket extends Duplex {
  /** What was written and is not played yet is dropped: the caller has begun to speak, or pressed a key. */
  clear(): void;
  on(event: 'key', heard: (key: string) => void): this;
  on(event: string | symbol, listener: (...args: never[]) => void): this;
}

/** In bytes: 1 s. So much is taken before whoever writes has to wait. */
const room = 16_000;
/** In bytes: 10 s. What nobody reads is dropped then, the oldest first: Asterisk would drop the call if it were left with it. */
const longestUnread = 160_000;

export interface AudioStream {
  readonly stream: AudioSocket;
  /** Nothing more is played, and nothing more comes. */
  over(): void;
}

export function createAudioStream({ socket, reader, frames }: Met): AudioStream {
  let state: 'open' | 'over' = 'open';
  const unread: Buffer[] = [];
  let unreadSize = 0;
  let isWanted = false;
  /** Whoever has written waits for room. */
  let waiting: { readonly size: number; readonly done: () => void } | undefined;
  /** In bytes: so much of what the stream holds was written before `clear`. */
  let toDrop = 0;

  const send = (bytes: Buffer): void => {
    if (socket.writable) socket.write(bytes);
  };
  const letOn = (): void => {
    const { done } = waiting ?? {};
    waiting = undefined;
    done?.();
  };
  const pacer = createPacer(
    (bytes) => send(audioFrame(bytes)),
    () => {
      if (pacer.size <= room) letOn();
    },
  );

  const stream = new Duplex({
    readableHighWaterMark: 1600,
    writableHighWaterMark: room,
    read() {
      isWanted = true;
      deliver();
    },
    write(bytes: Buffer, _encoding, done) {
      if (state === 'over' || toDrop > 0) {
        toDrop = Math.max(0, toDrop - bytes.length);
        return done();
      }
      pacer.push(bytes);
      if (pacer.size <= room) done();
      else waiting = { size: bytes.length, done };
    },
    final(done) {
      if (state === 'over') return done();
      pacer.flush(() => {
        send(hangupFrame);
        done();
      });
    },
    destroy(error, done) {
      leave();
      done(error);
    },
  }) as AudioSocket;
  const { write } = stream;
  // What comes behind the end, from a loop over what is heard say, is no mistake that a call should fail by.
  stream.write = (...args: unknown[]): boolean => {
    if (!stream.writableEnded) return Reflect.apply(write, stream, args);
    const written = args.at(-1);
    if (typeof written === 'function') process.nextTick(written);
    return false;
  };
  stream.clear = () => {
    toDrop = stream.writableLength - (waiting?.size ?? 0);
    pacer.clear();
    letOn();
  };

  const deliver = (): void => {
    while (isWanted && unread.length > 0) {
      const bytes = unread.shift() as Buffer;
      unreadSize -= bytes.length;
      isWanted = stream.push(bytes);
    }
  };

  const take = (frame: Frame): void => {
    if (state === 'over') return;
    if (frame.kind === 'hangup') return over();
    if (frame.kind === 'key') return void stream.emit('key', frame.key);
    if (frame.kind !== 'audio') return;
    unread.push(frame.bytes);
    unreadSize += frame.bytes.length;
    while (unreadSize > longestUnread) unreadSize -= (unread.shift() as Buffer).length;
    deliver();
  };

  /** Asterisk's application ends, if it is still there. */
  const leave = (): void => {
    state = 'over';
    pacer.clear();
    letOn();
    send(hangupFrame);
    socket.destroySoon();
  };

  const over = (): void => {
    if (state === 'over') return;
    leave();
    if (stream.destroyed) return;
    for (const bytes of unread.splice(0)) stream.push(bytes);
    stream.push(null);
    stream.once('end', () => stream.destroy());
    // An end that nobody reads would never come.
    if (stream.readableFlowing === null && stream.listenerCount('readable') === 0) stream.resume();
  };

  // Nobody may be listening to it yet.
  setImmediate(() => {
    for (const frame of frames) take(frame);
    socket.on('data', (bytes: Buffer) => {
      for (const frame of reader.push(bytes)) take(frame);
    });
    socket.resume();
  });
  for (const event of ['end', 'close']) socket.on(event, over);
  return { stream, over };
}

import { read } from 'node:fs';

/** Reads from a descriptor in libuv's thread pool: nothing has to be loaded for it. */
export interface PooledReader {
  /** Reads once. @param done gets the bytes, or undefined at the end */
  read(buffer: Buffer, done: (bytes: string | undefined) => void): void;
  /** Whether a thread waits for bytes. */
  readonly isWaiting: boolean;
}

/** In ms: so long until a descriptor is tried again that does not let a thread wait. */
const pause = 5;

export function createPooledReader(descriptor: number): PooledReader {
  let isWaiting = false;
  const readOnce = (buffer: Buffer, done: (bytes: string | undefined) => void): void => {
    isWaiting = true;
    read(descriptor, buffer, 0, buffer.length, null, (error, length) => {
      isWaiting = error?.code === 'EAGAIN';
      if (isWaiting) setTimeout(() => readOnce(buffer, done), pause);
      else done(error || length === 0 ? undefined : buffer.latin1Slice(0, length));
    });
  };
  return {
    read: readOnce,
    get isWaiting() {
      return isWaiting;
    },
  };
}

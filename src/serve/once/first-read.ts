import type { PooledReader } from './pooled-reader';

/**
 * The first read, begun at once: what is done until somebody asks is done while the thread pool starts and reads. Mostly all that
 * Asterisk sends first is there then, and is seen without a turn of the event loop.
 */
export interface FirstRead {
  /** What is here before the read is over, once; an empty text if nothing is. */
  glance(): string;
  /** What `glance` did not give, when the read is over; undefined at the end of the connection. */
  readonly rest: Promise<string | undefined>;
  /** Whether bytes have come, and only the event loop does not know it yet. */
  readonly isFinishing: boolean;
}

/** @param over is called when the read is over, with the same as `rest` */
export function beginRead(reader: PooledReader, size: number, over: (rest: string | undefined) => void): FirstRead {
  const buffer = Buffer.from(new SharedArrayBuffer(size));
  let given = 0;
  let isOver = false;
  const rest = new Promise<string | undefined>((resolve) => {
    reader.read(buffer, (bytes) => {
      isOver = true;
      const left = bytes?.slice(given);
      resolve(left);
      over(left);
    });
  });
  return {
    glance() {
      if (given > 0 || isOver) return '';
      // A thread is filling the buffer, perhaps this very moment: what is no NUL is there to stay.
      const end = buffer.indexOf(0);
      const bytes = buffer.latin1Slice(0, end < 0 ? buffer.length : end);
      given = bytes.length;
      return bytes;
    },
    rest,
    get isFinishing() {
      return given > 0 && !isOver;
    },
  };
}

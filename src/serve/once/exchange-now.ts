import { readSync, writeSync } from 'node:fs';

/** How often, and how long each time (ms), an answer is waited for. */
const [mostNaps, nap] = [100, 5];

/** Writes all of it before it returns. Throws if the other end is closed. */
export function writeNow(descriptor: number, bytes: string): void {
  // A character is a byte here.
  for (let left = bytes; left !== '';) left = left.slice(writeSync(descriptor, left, null, 'latin1'));
}

/**
 * Writes at once and waits up to half a second for an answer, without the event loop: for a process that is about to end.
 * @param isRead whether a thread waits for the answer already
 */
export function exchangeNow(input: number, output: number, bytes: string, isRead: boolean): void {
  const napping = new Int32Array(new SharedArrayBuffer(4));
  const buffer = Buffer.alloc(4096);
  try {
    writeNow(output, bytes);
    for (let naps = 0; naps < (isRead ? 0 : mostNaps); naps++) {
      if (isAnswered(input, buffer)) return;
      Atomics.wait(napping, 0, 0, nap);
    }
  } catch {
    // The connection is gone, and the process will be in a moment.
  }
}

/** Whether something came, or nothing more will. */
function isAnswered(descriptor: number, buffer: Buffer): boolean {
  try {
    readSync(descriptor, buffer);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
}

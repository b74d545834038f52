/** Gives audio to Asterisk as fast as it is heard: more at once would be dropped, and stutter. */
export interface Pacer {
  /** To be played behind what is there. */
  push(bytes: Buffer): void;
  /** What is not played yet is dropped. */
  clear(): void;
  /** Plays what is left, then calls. */
  flush(played: () => void): void;
  /** How much is not played yet, in bytes. */
  readonly size: number;
}

/** In ms. */
const frameLength = 20;
/** In bytes: 20 ms of it. */
const frameSize = 320;
/** In ms: so much sooner than it is heard a frame is sent, so that a process that is held up for a moment is not heard. */
const lead = 40;
/** A process that was held up catches up with so many frames; what is later is late. */
const mostAtOnce = 5;

/** @param send sends a frame @param sent is called when some were @param now in ms */
export function createPacer(send: (bytes: Buffer) => void, sent: () => void, now: () => number = () => performance.now()): Pacer {
  let chunks: Buffer[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  /** When the next frame is to be heard. */
  let due = 0;
  let whenPlayed: (() => void) | undefined;

  const take = (length: number): Buffer => {
    const parts: Buffer[] = [];
    for (let left = length; left > 0;) {
      const first = chunks[0] as Buffer;
      const part = first.subarray(0, left);
      parts.push(part);
      left -= part.length;
      if (part.length === first.length) chunks.shift();
      else chunks[0] = first.subarray(part.length);
    }
    size -= length;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length);
  };

  const isWhole = (): boolean => size >= frameSize;
  const isDue = (): boolean => now() >= due - lead;

  const tick = (): void => {
    timer = undefined;
    due = Math.max(due, now() - mostAtOnce * frameLength);
    while (isWhole() && isDue()) {
      send(take(frameSize));
      due += frameLength;
    }
    // Half a sample is none.
    if (whenPlayed && size > 0 && !isWhole() && isDue()) {
      const rest = take(size - (size % 2));
      if (rest.length > 0) send(rest);
      chunks = [];
      size = 0;
      due += frameLength;
    }
    sent();
    schedule();
  };

  const schedule = (): void => {
    if (timer) return;
    const isThere = isWhole() || (whenPlayed && size > 0);
    if (isThere) {
      timer = setTimeout(tick, Math.max(0, due - lead - now()));
      return;
    }
    if (!whenPlayed) return;
    const played = whenPlayed;
    whenPlayed = undefined;
    // The last frame is heard to its end.
    setTimeout(played, Math.max(0, due - now()));
  };

  return {
    push(bytes) {
      chunks.push(bytes);
      size += bytes.length;
      // After a pause the next one is due at once.
      if (!timer) due = Math.max(due, now());
      schedule();
    },
    clear() {
      chunks = [];
      size = 0;
      clearTimeout(timer);
      timer = undefined;
      schedule();
    },
    flush(played) {
      whenPlayed = played;
      schedule();
    },
    get size() {
      return size;
    },
  };
}

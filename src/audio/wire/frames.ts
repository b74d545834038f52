/** What Asterisk says over an AudioSocket. @see Asterisk: application AudioSocket */
export type Frame =
  | { readonly kind: 'hangup' }
  /** Whose connection it is: 32 hexadecimal digits. */
  | { readonly kind: 'id'; readonly id: string }
  /** A key that the caller pressed. */
  | { readonly kind: 'key'; readonly key: string }
  /** Signed linear, 8 kHz, mono, 16 bit, little endian. */
  | { readonly kind: 'audio'; readonly bytes: Buffer };

const kinds = { hangup: 0x00, id: 0x01, key: 0x03, audio: 0x10 };
const headSize = 3;
const idSize = 16;

/** Takes bytes apart, however they are cut. What is of another kind is passed over. */
export interface FrameReader {
  push(bytes: Buffer): Frame[];
}

export function createFrameReader(): FrameReader {
  let held: Buffer[] = [];
  let size = 0;
  /** So many bytes the next frame needs, as far as is known. */
  let needed = headSize;

  return {
    push(bytes) {
      held.push(bytes);
      size += bytes.length;
      if (size < needed) return [];
      const all = held.length === 1 ? bytes : Buffer.concat(held, size);
      const frames: Frame[] = [];
      let at = 0;
      needed = headSize;
      while (all.length - at >= headSize) {
        needed = headSize + all.readUInt16BE(at + 1);
        if (all.length - at < needed) break;
        const frame = frameOf(all[at] ?? 0, all.subarray(at + headSize, at + needed));
        if (frame) frames.push(frame);
        at += needed;
        needed = headSize;
      }
      held = at < all.length ? [all.subarray(at)] : [];
      size = all.length - at;
      return frames;
    },
  };
}

function frameOf(kind: number, payload: Buffer): Frame | undefined {
  if (kind === kinds.hangup) return { kind: 'hangup' };
  if (kind === kinds.id && payload.length === idSize) return { kind: 'id', id: payload.toString('hex') };
  if (kind === kinds.key && payload.length === 1) return { kind: 'key', key: payload.toString('latin1') };
  if (kind === kinds.audio && payload.length > 0) return { kind: 'audio', bytes: payload };
  return undefined;
}

/** A frame of audio. @param bytes at most 65,535 */
export function audioFrame(bytes: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headSize + bytes.length);
  frame[0] = kinds.audio;
  frame.writeUInt16BE(bytes.length, 1);
  bytes.copy(frame, headSize);
  return frame;
}

/** Has the application end, and the channel stay. */
export const hangupFrame: Buffer = Buffer.from([kinds.hangup, 0, 0]);

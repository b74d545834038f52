import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { audioFrame, createFrameReader, hangupFrame, type Frame } from '../../src/audio/wire/frames';

const id = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const frame = (kind: number, payload: Buffer | string): Buffer => {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from([kind, bytes.length >> 8, bytes.length & 0xff]), bytes]);
};
const sound = Buffer.from(Array.from({ length: 320 }, (_, index) => index & 0xff));
// An error and a kind that nobody knows are passed over, a key of two bytes and an id of three, too.
const transcript = Buffer.concat([
  frame(0x01, id), frame(0x10, sound), frame(0x03, '5'), frame(0xff, 'x'), frame(0x77, 'later'), frame(0x03, '12'), frame(0x01, 'abc'),
  frame(0x10, ''), frame(0x10, Buffer.alloc(65_535, 7)), frame(0x03, '#'), frame(0x00, ''),
]); // prettier-ignore
const audio = (bytes: Buffer): string => `audio ${createHash('sha256').update(bytes).digest('hex')}`;
const frames = [`id ${id.toString('hex')}`, audio(sound), 'key 5', audio(Buffer.alloc(65_535, 7)), 'key #', 'hangup'];

/** What a reader makes of pieces, a line a frame. */
function read(pieces: Iterable<Buffer>): string[] {
  const reader = createFrameReader();
  return [...pieces].flatMap((piece) => reader.push(piece)).map(shown);
}

function shown(frame: Frame): string {
  if (frame.kind === 'audio') return audio(frame.bytes);
  if (frame.kind === 'id') return `id ${frame.id}`;
  return frame.kind === 'key' ? `key ${frame.key}` : frame.kind;
}

it('takes a transcript whole', () => {
  expect(read([transcript])).toEqual(frames);
});

it('takes it byte by byte', () => {
  expect(read(Array.from(transcript, (byte) => Buffer.from([byte])))).toEqual(frames);
});

it('takes it cut at every place', () => {
  const places = Array.from({ length: 500 }, (_, index) => index).concat(
    Array.from({ length: 300 }, (_, index) => transcript.length - index),
  );
  for (const at of places) expect(read([transcript.subarray(0, at), transcript.subarray(at)])).toEqual(frames);
});

it('writes what it reads', () => {
  expect(read([audioFrame(sound), hangupFrame])).toEqual([audio(sound), 'hangup']);
});

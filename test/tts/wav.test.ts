import { describe, expect, it } from 'vitest';
import { parseWav, wavOf } from '../../src/tts/wav';

describe('a WAV file', () => {
  const wavWith = (rate: number) => {
    const file = Buffer.from(wavOf({ rate: 8000, samples: new Int16Array(800) }));
    file.writeUInt32LE(rate, 24);
    return file;
  };
  it.each([0, 1, 100, 3999, 384_001, 4_294_967_295])('of %d samples a second is refused', (rate) => {
    expect(() => parseWav(wavWith(rate))).toThrow(expect.objectContaining({ code: 'FASTAGI_TTS_SOUND' }));
  });
  it.each([4000, 8000, 22_050, 48_000, 384_000])('of %d is taken', (rate) => {
    expect(parseWav(wavWith(rate))).toMatchObject({ rate });
  });
  it('has the header that players expect', () => {
    const file = Buffer.from(wavOf({ rate: 8000, samples: Int16Array.of(1, -2) }));
    expect(file.subarray(0, 44).toString('hex')).toBe(
      [
        '52494646', '28000000', '57415645', '666d7420', '10000000', '0100', '0100', '401f0000', '803e0000', '0200', '1000', '64617461', '04000000',
      ].join(''),
    ); // prettier-ignore
    expect([file.readInt16LE(44), file.readInt16LE(46), file.length]).toEqual([1, -2, 48]);
  });
});

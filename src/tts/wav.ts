import { TtsError } from '../ground/errors';

/** Sound as numbers: mono, 16 bit. */
export interface Sound {
  /** Samples a s. */
  readonly rate: number;
  readonly samples: Int16Array;
}

/** Samples a s that sound has; from fewer, a file of some KB would grow to one of many MB. */
const [slowest, fastest] = [4000, 384_000];

/** A WAV file of 16 bit PCM -> its sound, channels mixed. Throws TtsError for anything else. */
export function parseWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const word = (at: number): string => (at + 4 <= file.length ? String.fromCharCode(...file.subarray(at, at + 4)) : '');
  if (word(0) !== 'RIFF' || word(8) !== 'WAVE') throw unfit('it is no WAV file');
  let format: { channels: number; rate: number } | undefined;
  for (let at = 12; at + 8 <= file.length; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1)) {
    const length = Math.min(view.getUint32(at + 4, true), file.length - at - 8);
    if (word(at) === 'fmt ' && length >= 16) {
      const [coding, channels, rate, bits] = [
        view.getUint16(at + 8, true),
        view.getUint16(at + 10, true),
        view.getUint32(at + 12, true),
        view.getUint16(at + 22, true),
      ];
      if ((coding !== 1 && coding !== 0xfffe) || bits !== 16 || channels === 0 || rate === 0)
        throw unfit(`it holds coding ${coding} with ${bits} bit, not PCM with 16`);
      if (rate < slowest || rate > fastest) throw unfit(`it has ${rate} samples a second, and sound has ${slowest} to ${fastest}`);
      format = { channels, rate };
    }
    if (word(at) === 'data' && format) return { rate: format.rate, samples: mixed(view, at + 8, length, format.channels) };
  }
  throw unfit('it holds no sound');
}

function mixed(view: DataView, from: number, length: number, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(length / 2 / channels));
  for (let index = 0; index < samples.length; index++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += view.getInt16(from + 2 * (index * channels + channel), true);
    samples[index] = Math.round(sum / channels);
  }
  return samples;
}

/** A sound -> a WAV file as Asterisk plays it. */
export function wavOf({ rate, samples }: Sound): Uint8Array {
  const file = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(file.buffer);
  const put = (at: number, text: string): void =>
    [...text].forEach((character, index) => view.setUint8(at + index, character.charCodeAt(0)));
  put(0, 'RIFF');
  view.setUint32(4, 36 + 2 * samples.length, true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, 'data');
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, index) => view.setInt16(44 + 2 * index, sample, true));
  return file;
}

/** How far the filter reaches, in samples of the slower rate. */
const reach = 16;

/** The sound at another rate. What the slower rate cannot carry is filtered out first, or it would come back as noise. */
export function resampled(sound: Sound, rate: number): Sound {
  if (sound.rate === rate) return sound;
  const step = sound.rate / rate;
  const cutoff = Math.min(1, 1 / step);
  const samples = new Int16Array(Math.floor(sound.samples.length / step));
  for (let index = 0; index < samples.length; index++) {
    const center = index * step;
    const half = reach / cutoff;
    let sum = 0;
    let weights = 0;
    for (let at = Math.max(0, Math.ceil(center - half)); at <= Math.min(sound.samples.length - 1, center + half); at++) {
      const weight = windowedSinc((at - center) * cutoff);
      sum += weight * (sound.samples[at] as number);
      weights += weight;
    }
    samples[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum / weights)));
  }
  return { rate, samples };
}

function windowedSinc(x: number): number {
  if (x === 0) return 1;
  const angle = Math.PI * x;
  return (Math.sin(angle) / angle) * (0.5 + 0.5 * Math.cos(angle / reach));
}

function unfit(why: string): TtsError {
  return new TtsError('FASTAGI_TTS_SOUND', `what the speech engine wrote cannot be used: ${why}`);
}

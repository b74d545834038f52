/** What there is of a tone in signed linear audio of 8 kHz. */
interface Tone {
  /** How high it is. */
  readonly hz: number;
  /** From its beginning to its end, in ms. */
  readonly ms: number;
  /** Its highest sample. */
  readonly peak: number;
  /** The longest silence within it, in ms. */
  readonly longestGap: number;
  /** How high its end is. */
  readonly tail: number;
}

/** What is lower is silence. */
const floor = 200;

/** @param tailLength how much of its end is measured on its own, in ms */
export function measured(bytes: Buffer, tailLength = 0): Tone {
  const samples = samplesOf(bytes);
  const begin = samples.findIndex((sample) => Math.abs(sample) > floor);
  const end = samples.findLastIndex((sample) => Math.abs(sample) > floor) + 1;
  const sound = begin < 0 ? samples.subarray(0, 0) : samples.subarray(begin, end);
  const tail = sound.subarray(Math.max(0, sound.length - 8 * tailLength));
  return {
    hz: pitch(sound.subarray(0, sound.length - 8 * tailLength)),
    ms: sound.length / 8,
    peak: sound.reduce((most, sample) => Math.max(most, sample), 0),
    longestGap: gapIn(sound),
    tail: pitch(tail),
  };
}

/** The longest silence between its first and its last sound, in ms. */
export function longestSilence(bytes: Buffer): number {
  return measured(bytes).longestGap;
}

function samplesOf(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (const at of samples.keys()) samples[at] = bytes.readInt16LE(2 * at);
  return samples;
}

/** By how often it rises through zero. */
function pitch(samples: Int16Array): number {
  let rises = 0;
  for (let at = 1; at < samples.length; at++) if ((samples[at - 1] ?? 0) < 0 && (samples[at] ?? 0) >= 0) rises++;
  return (rises * 8000) / Math.max(1, samples.length);
}

function gapIn(samples: Int16Array): number {
  let [longest, run] = [0, 0];
  for (const sample of samples) {
    run = Math.abs(sample) > floor ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest / 8;
}

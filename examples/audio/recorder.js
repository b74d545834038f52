/*
 * Records what the caller says, until it is quiet for three seconds, # is pressed or the caller hangs up. Writes a WAV file to this machine, as FastAGI and as EAGI:
 *
 *   exten => 501,1,AGI(agi://127.0.0.1/audio/recorder,/var/spool/messages/one.wav)
 *   exten => 502,1,EAGI(fastagi,run,audio/recorder.js,/var/spool/messages/two.wav)
 */
import { writeFile } from 'node:fs/promises';

/** In ms: so long a silence ends it. */
const silence = 3000;
/** In ms: nobody says more. */
const longest = 120_000;
/** How loud speech is at least: of 32,767. */
const speech = 600;

export default async function (fastagi) {
  const [file = '/tmp/message.wav'] = fastagi.args;
  await fastagi.answer();
  // Under EAGI Asterisk gives what the caller says by itself.
  const audio = fastagi.audio ?? (await fastagi.audioSocket());
  const parts = [];
  let length = 0;
  let quiet = 0;
  let isEnded = false;
  audio.on('key', (key) => (isEnded ||= key === '#'));
  for await (const heard of audio) {
    parts.push(heard);
    length += heard.length / 16;
    quiet = loudness(heard) < speech ? quiet + heard.length / 16 : 0;
    if (isEnded || quiet >= silence || length >= longest) break;
  }
  await writeFile(file, wav(Buffer.concat(parts)));
  await fastagi.setVariable('MESSAGE', file);
  await fastagi.setVariable('MESSAGE_MS', Math.round(length - quiet));
}

/** The root of the mean square of its samples. */
function loudness(bytes) {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readInt16LE(at) ** 2;
  return Math.sqrt(sum / Math.max(1, bytes.length >> 1));
}

/** Signed linear, 8 kHz, mono, 16 bit -> a WAV file. */
function wav(samples) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

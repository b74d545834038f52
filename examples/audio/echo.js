/*
 * Says back what the caller says, sentence by sentence. Whoever begins to speak while it is being said is not talked over; a key stops it, too, and # ends it.
 *
 *   exten => 500,1,AGI(agi://127.0.0.1/audio/echo)
 */

/** In ms: so long a pause ends a sentence. */
const pause = 600;
/** How loud speech is at least: of 32,767. */
const speech = 600;

export default async function (fastagi) {
  await fastagi.answer();
  const audio = await fastagi.audioSocket();
  audio.on('key', (key) => {
    audio.clear();
    if (key === '#') audio.end();
  });
  let sentence = [];
  let quiet = 0;
  for await (const heard of audio) {
    if (loudness(heard) >= speech) {
      if (quiet > 0) audio.clear();
      quiet = 0;
      sentence.push(heard);
    } else if (sentence.length > 0) {
      quiet += heard.length / 16;
      sentence.push(heard);
      if (quiet < pause) continue;
      audio.write(Buffer.concat(sentence));
      sentence = [];
    }
  }
}

/** The root of the mean square of its samples. */
function loudness(bytes) {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readInt16LE(at) ** 2;
  return Math.sqrt(sum / Math.max(1, bytes.length >> 1));
}

import { leave } from './parts.mjs';

export default async function (agi) {
  let bytes = 0;
  let loud = 0;
  agi.audio.on('data', (chunk) => {
    bytes += chunk.length;
    for (let at = 0; at + 1 < chunk.length; at += 2) if (Math.abs(chunk.readInt16LE(at)) > 500) loud += 1;
  });
  await agi.waitForDigit(2000);
  leave(import.meta.url, { bytes, loud, enhanced: agi.request.agi_enhanced });
}

const { readFileSync } = require('node:fs');
const v8 = require('node:v8');

// What both secrets end with, but not as a text, which would be found wherever it was copied to.
const codes = [45, 111, 102, 45, 116, 104, 101, 45, 102, 105, 108, 101];

module.exports = async (agi) => {
  const wanted = Buffer.from(codes);
  const found = [];
  try {
    if (readFileSync('/proc/self/mem')) found.push('mem');
  } catch {}
  let heap = '';
  for await (const piece of v8.getHeapSnapshot()) heap += piece;
  // The snapshot has freed what nobody holds.
  for (let size = 64; size < 5000; size++) {
    for (let n = 0; n < 8; n++) if (Buffer.allocUnsafeSlow(size).includes(wanted)) found.push('freed ' + size);
  }
  const text = String.fromCharCode(...codes);
  if (heap.includes(text)) found.push('heap ' + heap.slice(heap.indexOf(text) - 40).slice(0, 80));
  if (JSON.stringify([process.env, agi, RegExp.input, RegExp.lastMatch]).includes(text)) found.push('agi');
  await agi.setVariable('result', 'found: ' + found.join(', '));
};

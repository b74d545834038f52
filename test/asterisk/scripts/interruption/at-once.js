import { doing, given, leave, sleep } from './parts.mjs';

export default async function (agi) {
  const slow = [];
  for (let round = 0; round < 12; round++) {
    const controller = new AbortController();
    const { signal } = controller;
    const begun = Date.now();
    const playing = doing(given(import.meta.url), { agi, signal }).catch((error) => error.message);
    // In the same packet, in the next one, and up to 10 ms later.
    if (round > 1) await sleep(round - 2);
    controller.abort(new Error('at once'));
    if ((await playing) !== 'at once') slow.push('not stopped');
    await agi.setVariable('ROUND', round);
    if (Date.now() - begun > 2000) slow.push(round);
  }
  leave(import.meta.url, slow);
}

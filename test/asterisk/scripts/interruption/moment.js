import { leave } from './parts.mjs';

export default async function (agi) {
  const wrong = [];
  for (let round = 0; round < 40; round++) {
    const controller = new AbortController();
    const { signal } = controller;
    // 20 ms before the end of the wait up to 20 ms behind it.
    setTimeout(() => controller.abort(new Error('stopped')), 30 + round);
    const value = await agi.waitForDigit(50, { signal }).catch((error) => error.message);
    if (value !== undefined && value !== 'stopped') wrong.push(value);
    await agi.setVariable('ROUND', round);
    if ((await agi.getVariable('ROUND')) !== String(round)) wrong.push(round);
  }
  leave(import.meta.url, wrong);
}

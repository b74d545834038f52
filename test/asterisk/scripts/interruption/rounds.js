import { doing, given, leave } from './parts.mjs';

export default async function (agi) {
  const results = [];
  for (const round of ['first', 'second', 'third']) {
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(new Error(round)), 300);
    results.push(await doing(given(import.meta.url), { agi, signal }).catch((error) => error.message));
    await agi.setVariable('ROUND', round + ' is over');
    results.push(await agi.getVariable('ROUND'), await agi.channelStatus(), agi.hungUp);
  }
  leave(import.meta.url, results);
}

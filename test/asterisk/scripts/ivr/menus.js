import { leave } from './parts.mjs';

export default async function (agi) {
  const first = await agi.menu({ 1: 'demo-congrats', 2: 'demo-thanks', 0: 'beep' });
  const second = await agi.menu([
    ['1', 'demo-congrats'],
    ['2', 'demo-thanks'],
    ['*', 'beep'],
  ]);
  leave(import.meta.url, [first, second]);
}

import { leave } from './parts.mjs';

export default async function (agi) {
  const keys = { digits: '' };
  const { digit } = await agi.fastpassStreamFile(keys, 'demo-congrats', '5');
  const chosen = await agi.fastpassMenu(keys, { 5: 'demo-congrats' });
  leave(import.meta.url, [digit, chosen, await agi.fastpassGetData(keys, 'demo-congrats', 500, 1)]);
}

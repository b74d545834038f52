import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.setVariable('BYTES', 'G\udcfcnter\udcff\udcfe');
  leave(import.meta.url, await agi.getFullVariable('${BASE64_ENCODE(${BYTES})}'));
}

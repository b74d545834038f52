import { leave } from './parts.mjs';

export default async function (agi) {
  const key = await agi.waitForDigit(10_000);
  const { digit } = await agi.streamFile('demo-congrats', '#');
  leave(import.meta.url, [key, digit]);
}

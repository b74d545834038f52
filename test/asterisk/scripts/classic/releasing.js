import { leave, settled, sleep } from './parts.mjs';

export default async function (agi) {
  await agi.release();
  await sleep(800);
  leave(import.meta.url, [agi.hungUp, await settled(agi.noop())]);
}

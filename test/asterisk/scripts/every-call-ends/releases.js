import { leave, settled, sleep } from './parts.mjs';

export default async function (agi) {
  await agi.verbose('@@ ready');
  await agi.release();
  await sleep(800);
  leave(import.meta.url, [Date.now(), agi.hungUp, await settled(agi.verbose('x'))]);
}

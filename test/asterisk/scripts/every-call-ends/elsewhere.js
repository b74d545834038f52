import { setTimeout as sleep } from 'node:timers/promises';

export default async function (agi) {
  await agi.verbose('@@ ready');
  setInterval(() => 0, 1000);
  await sleep(600_000);
}

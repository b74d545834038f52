import { setTimeout as sleep } from 'node:timers/promises';

export default async function () {
  Promise.reject(new Error('nobody waits'));
  await sleep(60_000);
}

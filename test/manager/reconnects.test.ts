import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { back, eventually, impatient, keptLog, serverFor } from './support/connected';

/** 10,000 take half a minute: FASTAGI_RECONNECTS=10000 npx vitest run test/manager/reconnects.test.ts */
const times = Number(process.env['FASTAGI_RECONNECTS'] ?? 1000);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it(`after ${times.toLocaleString('en')} reconnects no handler is there twice, and nothing is kept of them`, async () => {
  const server = await serverFor();
  const { manager, parts } = impatient(server, { ...keptLog().log, info: () => undefined, warn: () => undefined });
  let heard = 0;
  let booted = 0;
  manager.on('Hangup', () => heard++);
  manager.on('FullyBooted', () => booted++);
  const events = manager.events({ names: ['Hangup'], buffer: 10 });
  await parts.open();
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  let early = 0;
  for (let count = 0; count < times; count++) {
    const again = back(manager);
    server.drop();
    await again;
    // The server keeps each action: the memory is that of the client.
    (server.actions as unknown[]).length = 0;
    if (count === times / 10) early = heap();
  }
  const late = heap();
  server.emit('Hangup', { Channel: 'SIP/1' }, 'call');
  await eventually(() => heard > 0);
  await manager.ping();
  expect([heard, booted, server.clients]).toEqual([1, times + 1, 1]);
  expect((await events.next()).value).toMatchObject({ dropped: undefined });
  await events.return?.();
  // A connection that is kept is 10 KB and more.
  expect(late - early).toBeLessThan(2_000_000);
  await manager.close();
}, 120_000);

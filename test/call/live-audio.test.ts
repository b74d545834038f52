import { expect, it } from 'vitest';
import { createEnding } from '../../src/call/ending';
import { runScript } from '../../src/call/run-script';
import { silent } from '../../src/ground/log';

/** Runs a script that leaves its audio open: Asterisk ends it a moment later. */
async function run(script: () => Promise<void>): Promise<{ warnings: string[]; isClosed: () => boolean; ran: Promise<void> }> {
  const warnings: string[] = [];
  const underWay = ['EXEC'];
  const liveAudio = {
    open: () => Promise.reject(new Error('it is open')),
    async close() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay.length = 0;
    },
  };
  const agi = { log: { ...silent, warn: (text: string) => void warnings.push(text) } };
  const ran = runScript(script, { agi: agi as never, channel: { underWay } as never, ending: createEnding(60, silent), liveAudio });
  return { warnings, isClosed: () => underWay.length === 0, ran };
}

it('that a script leaves open is ended with it, which is no mistake', async () => {
  const { warnings, isClosed, ran } = await run(() => Promise.resolve());
  await ran;
  expect([warnings, isClosed()]).toEqual([[], true]);
});

it('is ended with a script that fails, and keeps nobody waiting', async () => {
  const { isClosed, ran } = await run(() => Promise.reject(new Error('no database')));
  await expect(ran).rejects.toThrow('no database');
  expect(isClosed()).toBe(false);
});

import { defineConfig } from 'vitest/config';

const shared = {
  globalSetup: ['test/support/forget-counts.ts', 'test/support/build-bun.ts'],
  testTimeout: 60_000,
};

/** What an old Asterisk may answer otherwise. */
const onBoth = [
  'audio',
  'call-files',
  'classic',
  'commands',
  'comparison',
  'every-call-ends',
  'hangup',
  'interruption',
  'ivr',
  'keys',
  'manager',
  'manager-lists',
  'manager-values',
  'async-agi',
  'async-names',
  'async-transfer',
  'outcomes',
  'scenarios',
  'seed',
  'values',
  'workers',
];

const audio = 'test/asterisk/audio.test.ts';

/** They start no program that Bun could run, but use the library. */
const ofTheLibrary = ['async-names', 'async-transfer', 'comparison', 'harness', 'manager-facts', 'manager-lists', 'manager-values'];
const left = process.env['FASTAGI_TEST_RUNTIME'] === 'bun' ? ofTheLibrary.map((name) => `test/asterisk/${name}.test.ts`) : [];

/** The tests with a real Asterisk. Each file starts one of its own, and mostly waits: several at a time. */
export default defineConfig({
  test: {
    maxWorkers: 4,
    projects: [
      {
        test: {
          ...shared,
          name: 'asterisk 22',
          include: ['test/asterisk/*.test.ts'],
          exclude: [audio, ...left],
          env: { FASTAGI_TEST_ASTERISK: '22' },
        },
      },
      // It listens for gaps of some ms: nothing else may run beside it.
      { test: { ...shared, name: 'live audio', include: [audio], env: { FASTAGI_TEST_ASTERISK: '22' }, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...shared,
          name: 'asterisk 16',
          include: onBoth.map((name) => `test/asterisk/${name}.test.ts`),
          exclude: left,
          env: { FASTAGI_TEST_ASTERISK: '16' },
        },
      },
    ],
  },
});

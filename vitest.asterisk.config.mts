import { defineConfig } from 'vitest/config';

/** The tests with a real Asterisk: one file after the other, as each starts an Asterisk of its own. */
export default defineConfig({
  test: {
    name: 'asterisk',
    include: ['test/asterisk/*.test.ts'],
    fileParallelism: false,
    globalSetup: ['test/support/forget-counts.ts'],
    testTimeout: 60_000,
  },
});

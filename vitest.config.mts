import { defineConfig } from 'vitest/config';

/** Everything but the tests with a real Asterisk. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/asterisk/**'],
    globalSetup: ['test/support/forget-counts.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait: a third keeps two cores busy.
    maxWorkers: 4,
  },
});

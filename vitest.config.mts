import { defineConfig } from 'vitest/config';

const shared = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** These touch nothing of the process: they need none each, and half of their time was its start. */
const rooms = 'test/{agi,audio,call,config,ground,ivr,manager,script,spool,tape,testing,tts}/**/*.test.ts';

/** Everything but the tests with a real Asterisk. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/forget-counts.ts', 'test/support/forget-tapes.ts', 'test/support/build-bun.ts'],
    // Many tests wait: a third keeps two cores busy.
    maxWorkers: 4,
    projects: [
      { test: { ...shared, name: 'rooms', include: [rooms], isolate: false } },
      { test: { ...shared, name: 'process', include: ['test/**/*.test.ts'], exclude: ['test/asterisk/**', rooms] } },
    ],
  },
});

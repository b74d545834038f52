// Builds dist/: the program as CommonJS, and the types.
import { rm } from 'node:fs/promises';
import { run } from './run.mjs';

await rm('dist', { recursive: true, force: true });
await Promise.all([
  run('node_modules/.bin/rolldown', ['--config', 'rolldown.config.mjs', '--log-level', 'warn']),
  run('node_modules/.bin/tsc', ['--project', 'tsconfig.types.json']),
]);

// Builds dist/: the program as CommonJS, the types, the man page, and what V8 makes of the program.
import { rm } from 'node:fs/promises';
import { run } from './run.mjs';

await rm('dist', { recursive: true, force: true });
await Promise.all([
  run('node_modules/.bin/rolldown', ['--config', 'rolldown.config.mjs', '--log-level', 'warn']),
  run('node_modules/.bin/tsc', ['--project', 'tsconfig.types.json']),
]);
await run('node', ['scripts/man.mjs']);
// As after an installation; its word on it is not for whoever builds.
await run('node', ['bin/fastagi', 'prepare'], { stdio: ['ignore', 'ignore', 'inherit'] });

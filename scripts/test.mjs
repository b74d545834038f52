// `npm test`, and with `asterisk` the tests with a real one: installs what is missing, builds, runs vitest.
import { prepare } from './prepare.mjs';
import { run } from './run.mjs';

const withAsterisk = process.argv[2] === 'asterisk';
const rest = process.argv.slice(withAsterisk ? 3 : 2);

// Each of some hundred programs that are started would read this machine's own certificates, for which no test asks.
const { NODE_EXTRA_CA_CERTS: _own, ...env } = process.env;

try {
  prepare(withAsterisk ? 'asterisk' : 'test');
  await run('node', ['scripts/build.mjs']);
  await run('node_modules/.bin/vitest', ['run', '--config', withAsterisk ? 'vitest.asterisk.config.mts' : 'vitest.config.mts', ...rest], {
    env,
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

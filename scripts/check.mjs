// `npm run check`: every gate, even after one has failed.
import { prepare } from './prepare.mjs';
import { run } from './run.mjs';

prepare();
const gates = {
  types: () => run('node_modules/.bin/tsc', ['--noEmit']),
  lint: () => run('node_modules/.bin/oxlint', ['--type-aware', '--deny-warnings']),
  format: () => run('node_modules/.bin/oxfmt', ['--check']),
  'import directions': () => run('node', ['scripts/check-imports.mjs']),
  'documented settings': () => run('node', ['scripts/configuration.mjs', '--check']),
  'dead code': () => run('node_modules/.bin/knip', []),
  build: () => run('node', ['scripts/build.mjs']),
  packaging: () => run('node_modules/.bin/publint', ['--strict']),
};
const failed = [];
for (const [name, gate] of Object.entries(gates)) {
  try {
    await gate();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed.push(name);
    console.log(`failed  ${name}: ${error.message}`);
  }
}
const count = Object.keys(gates).length;
if (failed.length === 0) console.log(`All ${count} gates passed: what is here may be committed, if its tests pass.`);
else
  console.log(
    `${failed.length} of ${count} gates failed (${failed.join(', ')}): what each said stands above; nothing of it may be committed.`,
  );
process.exitCode = failed.length === 0 ? 0 : 1;

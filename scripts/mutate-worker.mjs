// Runs tests with one changed file in place of the real one, for scripts/mutate.mjs. A process of its own: a change may make a loop without end.
import { writeFileSync } from 'node:fs';
import { createVitest } from 'vitest/node';
import { root } from './run.mjs';

let changed = { id: '', text: '' };

const vitest = await createVitest(
  'test',
  {
    watch: false,
    config: false,
    pool: 'forks',
    maxWorkers: 1,
    bail: 1,
    reporters: [{}],
    include: ['test/**/*.test.ts'],
    testTimeout: 10_000,
    root,
  },
  { plugins: [{ name: 'changed-file', enforce: 'pre', load: (id) => (id === changed.id ? changed.text : undefined) }] },
);
process.send('ready');

process.on('message', (order) => void run(order));
process.on('disconnect', () => process.exit());

async function run({ id, text, tests }) {
  const before = changed.id;
  changed = { id, text };
  writeFileSync(process.env.FASTAGI_CHANGED_FILE, JSON.stringify(changed));
  for (const file of [before, id]) if (file) vitest.invalidateFile(file);
  const found = await vitest.globTestSpecifications(tests);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(found, false);
  // Those of earlier orders are among them, with what they came to then.
  const asked = new Set(found.map(({ moduleId }) => moduleId));
  const ran = testModules.filter(({ moduleId }) => asked.has(moduleId));
  process.send({ passed: ran.length > 0 && unhandledErrors.length === 0 && ran.every((module) => module.ok()) });
}

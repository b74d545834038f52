// Writes the tables of docs/configuration.md from src/config/settings-table.ts; with --check it only fails if they are not the same.
// With a directory as argument that checkout is taken.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './run.mjs';
import { helpOf, rowsOf } from './settings-help.mjs';

const checkout = resolve(root, process.argv.slice(2).find((word) => !word.startsWith('--')) ?? '.');
const source = join(checkout, 'src/config/settings-table.ts');
const document = join(checkout, 'docs/configuration.md');

const before = readFileSync(document, 'utf8');
const after = withTables(before, await rowsOf(source), helpOf(source));
if (before === after) console.log('docs/configuration.md says what src/config/settings-table.ts does');
else if (process.argv.includes('--check')) {
  console.error('docs/configuration.md does not say what src/config/settings-table.ts does; run: node scripts/configuration.mjs');
  process.exitCode = 1;
} else {
  writeFileSync(document, after);
  console.log('docs/configuration.md is written');
}

/** What stands between `<!-- [section] -->` and the next `<!-- end -->` is the section's table. */
function withTables(text, sections, help) {
  for (const [section] of sections)
    if (!text.includes(`<!-- [${section}] -->\n`))
      throw new Error(`docs/configuration.md has no place for [${section}]: write <!-- [${section}] -->`);
  return text.replace(
    /<!-- \[(\w+)\] -->\n[^]*?<!-- end -->/g,
    (_, section) => `<!-- [${section}] -->\n\n${table(section, sections, help)}\n\n<!-- end -->`,
  );
}

function table(section, sections, help) {
  const found = sections.find(([name]) => name === section);
  if (!found) throw new Error(`docs/configuration.md has a place for [${section}], which src/config/settings-table.ts does not know`);
  const lines = found[1].map(([property, { key, otherwise }]) => {
    const what = help.get(`${section}.${property}`);
    if (!what) throw new Error(`[${section}] ${key} has no line of help in src/config/settings-table.ts`);
    return `| \`${key}\` | ${otherwise}${otherwise && ' '}| ${what} |`;
  });
  return [`| \`[${section}]\` | default | what it is or does |`, '| --- | --- | --- |', ...lines].join('\n');
}

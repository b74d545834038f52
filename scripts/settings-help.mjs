// What src/config/settings-table.ts says of each key: for docs/configuration.md and the man page.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { parseSync, Visitor } from 'rolldown/utils';

/** What commands load when they run. */
const lazy = /\/(?:install|uninstall|doctor|new-script|check|load-check|prepare|send-mail|read-settings)$/;

/** [section, [property, { key, otherwise }][]][] @param source the table's file */
export async function rowsOf(source) {
  return (await load(source)).sectionsOfTable();
}

/** A module of src, with what it imports at once; what it imports later is left out. */
export async function load(source) {
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-table-'));
  try {
    const bundle = await rolldown({
      input: source,
      platform: 'node',
      external: (id, _, isResolved) => !isResolved && lazy.test(id),
    });
    await bundle.write({ dir, format: 'cjs', entryFileNames: 'table.cjs' });
    await bundle.close();
    return createRequire(import.meta.url)(join(dir, 'table.cjs'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** section.property -> the comment above it. @param source the table's file */
export function helpOf(source) {
  const text = readFileSync(source, 'utf8');
  const { program, comments } = parseSync(source, text, { lang: 'ts' });
  const help = new Map();
  new Visitor({
    VariableDeclarator({ id, init }) {
      if (id.name !== 'settingsTable') return;
      for (const section of init.properties)
        for (const { key, start } of section.value.properties) {
          const comment = comments.find(({ end }) => end < start && text.slice(end, start).trim() === '');
          if (comment) help.set(`${section.key.name}.${key.name}`, comment.value.replace(/^\*\s*|\s*$/g, ''));
        }
    },
  }).visit(program);
  return help;
}

import { readFileSync } from 'node:fs';
import { rolldown, type Plugin } from 'rolldown';

/** Makes one file of a module and all that it imports, for a process that knows no TypeScript. @param input a module @param file where it goes */
export async function bundleTo(file: string, input: string): Promise<void> {
  const bundle = await rolldown({ input, platform: 'node', external: ['yargs', 'nodemailer'], plugins: [changedFile] });
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
}

/** What scripts/mutate.mjs tries out at this moment is bundled, too. */
const changedFile: Plugin = {
  name: 'changed-file',
  load(id) {
    const order = process.env['FASTAGI_CHANGED_FILE'];
    if (order === undefined) return undefined;
    const changed = JSON.parse(readFileSync(order, 'utf8')) as { id: string; text: string };
    return changed.id === id ? changed.text : undefined;
  },
};

import { rolldown } from 'rolldown';

/** Makes one file of a module and all that it imports, for a process that knows no TypeScript. @param input a module @param file where it goes */
export async function bundleTo(file: string, input: string): Promise<void> {
  const bundle = await rolldown({ input, platform: 'node', external: ['yargs', 'nodemailer'] });
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
}

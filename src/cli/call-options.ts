import { parseArgs } from 'node:util';
import type { CommandLineSettings } from '../config/read-settings';

/** A command line that serves a call. */
export type CallOptions =
  | { mode: 'network'; options: CommandLineSettings }
  | { mode: 'run'; options: CommandLineSettings; script: string; args: string[] };

const known = {
  config: { type: 'string' },
  basedir: { type: 'string' },
  setuid: { type: 'boolean' },
  'no-setuid': { type: 'boolean' },
  debug: { type: 'boolean' },
} as const;

/** Reads the two command lines that a caller waits for without yargs; undefined for all others, right or wrong. */
export function parseCallOptions(argv: readonly string[]): CallOptions | undefined {
  if (argv.length === 0) return { mode: 'network', options: {} };
  const run = argv.indexOf('run');
  // What stands behind the script is the script's.
  const own = run < 0 ? argv : argv.slice(0, run);
  const options = tryOptions(own);
  if (!options) return undefined;
  if (run < 0) return { mode: 'network', options };
  return parseRun(argv.slice(run + 1), options);
}

function parseRun(rest: readonly string[], before: CommandLineSettings): CallOptions | undefined {
  let at = 0;
  while (rest[at]?.startsWith('--')) at += takesValue(rest[at] as string) ? 2 : 1;
  const options = tryOptions(rest.slice(0, at));
  const script = rest[at];
  if (!options || script === undefined) return undefined;
  return { mode: 'run', options: { ...before, ...options }, script, args: rest.slice(at + 1) };
}

function takesValue(option: string): boolean {
  return option === '--config' || option === '--basedir';
}

function tryOptions(args: readonly string[]): CommandLineSettings | undefined {
  if (args.length === 0) return {};
  try {
    const { values } = parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false });
    const { config, basedir, debug } = values;
    const setuid = values['no-setuid'] ? false : values.setuid;
    return {
      ...(config !== undefined && { config }),
      ...(basedir !== undefined && { basedir }),
      ...(setuid !== undefined && { setuid }),
      ...(debug !== undefined && { debug }),
    };
  } catch {
    return undefined;
  }
}

import type { CommandLineSettings } from '../config/read-settings';

/** A command line that serves a call. */
export type CallOptions =
  | { mode: 'network'; options: CommandLineSettings }
  | { mode: 'run'; options: CommandLineSettings; script: string; args: string[] };

const withValue = ['config', 'basedir', 'record'] as const;

/**
 * Reads the two command lines that a caller waits for; undefined for all others, right or wrong, which are for yargs.
 * Even the parser that Node brings would cost the caller a millisecond.
 */
export function parseCallOptions(argv: readonly string[]): CallOptions | undefined {
  const options: CommandLineSettings = {};
  let runs = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === 'run' && !runs) runs = true;
    else if (runs && !word.startsWith('-')) return { mode: 'run', options, script: word, args: argv.slice(at + 1) };
    else if (word === '--setuid' || word === '--no-setuid') options.setuid = word === '--setuid';
    else if (word === '--debug') options.debug = true;
    else {
      const name = withValue.find((option) => word === `--${option}` || word.startsWith(`--${option}=`));
      if (name === undefined) return undefined;
      const value = word.includes('=') ? word.slice(name.length + 3) : argv[++at];
      if (!value || value.startsWith('--')) return undefined;
      options[name] = value;
    }
  }
  return runs ? undefined : { mode: 'network', options };
}

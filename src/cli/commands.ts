import yargs from 'yargs';
import { nearest } from '../config/unknown-keys';
import type { CommandLineSettings } from '../config/read-settings';
import { exitStatusOfError } from '../ground/exit-status';
import { FastagiError } from '../ground/errors';
import { maskedText } from '../ground/masking';
import type { Identity } from '../serve/process/identity';
import type { CommandEnd, Start } from './start';

const operatorsMistake = 100;

/** Everything but a call: help, `check`, and command lines that make no sense. */
export async function runCommand(argv: readonly string[], how: Start): Promise<CommandEnd> {
  let end: CommandEnd = { status: 0 };
  const options = (values: Record<string, unknown>): CommandLineSettings => ({
    ...(typeof values['config'] === 'string' && { config: values['config'] }),
    ...(typeof values['basedir'] === 'string' && { basedir: values['basedir'] }),
    ...(typeof values['setuid'] === 'boolean' && { setuid: values['setuid'] }),
    ...(typeof values['debug'] === 'boolean' && { debug: values['debug'] }),
  });
  const parser = yargs([...argv])
    .scriptName('fastagi')
    .usage(
      'Usage: $0 [options]                    serve one FastAGI call on stdin and stdout, as xinetd starts it\n' +
        '       $0 run SCRIPT [ARG...]          serve one classic AGI or EAGI call\n' +
        '       $0 check                        look at the configuration and the scripts, serve nothing\n' +
        '       $0 prepare                      make calls begin sooner under this Node; after each update of Node or fastagi',
    )
    .command('run <script> [args..]', 'serve one classic AGI or EAGI call with this script')
    .command('check', 'show the settings, what is wrong with them, and whether each script loads', {}, async (values) => {
      const { check } = await import('./check/check');
      end = await check(options(values), how);
    })
    .command('prepare', 'keep what Node makes of the program, so that calls begin some ms sooner', {}, async () => {
      const { prepareStart } = await import('./prepare');
      const files = await prepareStart();
      end = { status: 0, out: files.map((file) => `The start of calls is prepared for Node ${process.version}: ${file}`) };
    })
    .command('load-check <script> [identity]', false, {}, async (values) => {
      const { loadCheck } = await import('./check/load-check');
      const identity = typeof values['identity'] === 'string' ? (JSON.parse(values['identity']) as Identity) : undefined;
      end = { status: await loadCheck(String(values['script']), options(values).basedir ?? '', identity) };
    })
    .command('send-mail <uid>', false, {}, async (values) => {
      const { sendMailFor } = await import('./send-mail');
      end = await sendMailFor(Number(values['uid']), String(values['config']));
    })
    .option('config', { type: 'string', requiresArg: true, describe: 'the configuration file (/etc/asterisk/phpagi.conf)' })
    .option('basedir', { type: 'string', requiresArg: true, describe: 'where the scripts are (/var/lib/asterisk/agi-bin/)' })
    .option('setuid', { type: 'boolean', describe: "become the script's owner, when started as root" })
    .option('debug', { type: 'boolean', describe: 'show request, configuration and errors on the Asterisk console' })
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .epilogue(
      'Exit status: 0; 1 a classic AGI script failed; 100 a mistake in usage or configuration; 101 a defect of fastagi; 111 trouble with the system.',
    );
  try {
    const parsed = await parser.parseAsync();
    if (argv.length === 0 || (parsed._.length === 0 && !parsed['help'] && !parsed['version'])) parser.showHelp('log');
    return end;
  } catch (error) {
    if (error instanceof FastagiError) return { status: exitStatusOfError(error), err: [`fastagi: ${maskedText(error.message)}`] };
    return { status: operatorsMistake, err: [`fastagi: ${maskedText(inOurWords((error as Error).message, argv))}`, 'Try: fastagi --help'] };
  }
}

const commandNames = ['run', 'check', 'prepare'];
const optionNames = ['config', 'basedir', 'setuid', 'no-setuid', 'debug', 'help', 'version'];

/** What yargs says of a word that it does not know, and what was probably meant. */
function inOurWords(message: string, argv: readonly string[]): string {
  const word = /^Unknown (?:argument|command): ([^,]+)/.exec(message)?.[1];
  if (word === undefined) return message;
  const command = argv.find((given) => commandNames.includes(given));
  const isOption = argv.some((given) => given.startsWith(`--${word}`));
  if (command !== undefined && !isOption) return `${command} takes no argument ${word}`;
  const meant = nearest(word, isOption ? optionNames : commandNames);
  const [what, marks] = isOption ? ['option', '--'] : ['command', ''];
  return `${marks}${word} is no ${what}${meant === undefined ? '' : `; did you mean ${marks}${meant}?`}`;
}

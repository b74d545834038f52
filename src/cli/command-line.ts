import { join } from 'node:path';
import yargs, { type Argv } from 'yargs';
import type { CommandLineSettings } from '../config/read-settings';
import { nearest } from '../config/unknown-keys';
import { FastagiError } from '../ground/errors';
import { exitStatusOfError } from '../ground/exit-status';
import { maskedText } from '../ground/masking';
import { packageDirectory } from '../ground/package-directory';
import { visible } from '../ground/visible';
import { paint, wantsColours } from './paint';
import { textOf, type Command, type Values } from './command';
import { commands, exitStatuses, settingsOptions } from './commands';
import type { CommandEnd, CommandStart, Terminal } from './start';

const operatorsMistake = 100;

/** Everything but a call: help, commands, and command lines that make no sense. */
export async function runCommand(argv: readonly string[], start: CommandStart, terminal: Terminal): Promise<CommandEnd> {
  let end: CommandEnd = { status: 0 };
  const isColoured = wantsColours(terminal.output, process.env);
  const given = { start, terminal, say: (line: string) => void terminal.output.write(`${paint(harmless(line), isColoured)}\n`) };
  const parser = commands.reduce(
    (program, command) =>
      withCommand(program, command, async (values) => (end = await command.run({ ...given, values, settings: settingsOf(values) }))),
    programOf(argv, terminal.output.columns),
  );
  try {
    const parsed = await parser.parseAsync();
    if (argv.length === 0 || (parsed._.length === 0 && !parsed['help'] && !parsed['version'])) parser.showHelp('log');
    return { ...end, ...(end.out && { out: end.out.map((line) => paint(line, isColoured)) }) };
  } catch (error) {
    if (error instanceof FastagiError) return { status: exitStatusOfError(error), err: [`fastagi: ${maskedText(error.message)}`] };
    if (isDefect(error)) throw error;
    const word = commandNames.find((name) => argv.includes(name));
    const help = word === undefined ? 'fastagi --help' : `fastagi ${word} --help`;
    return { status: operatorsMistake, err: [`fastagi: ${maskedText(inOurWords((error as Error).message, argv))}`, `Try: ${help}`] };
  }
}

/** What somebody else chose must not steer the terminal. */
function harmless(line: string): string {
  return line.split('\t').map(visible).join('\t');
}

/** @param columns how wide the terminal is, if it is one */
function programOf(argv: readonly string[], columns = 100): Argv {
  return yargs([...argv])
    .scriptName('fastagi')
    .usage('Usage: $0 [COMMAND] [options]\n\nWithout a command it serves one FastAGI call on stdin and stdout, as xinetd starts it.')
    .options(settingsOptions)
    .strict()
    .exitProcess(false)
    .wrap(columns)
    .fail((message, error) => {
      throw error ?? new WrongUsage(message);
    })
    .epilogue(`${exitStatuses}\nMore: ${join(packageDirectory, 'README.md')}`);
}

/** The command line makes no sense. */
class WrongUsage extends Error {}

/** yargs's own mistakes come as plain errors, too. */
function isDefect(error: unknown): boolean {
  return !(error instanceof WrongUsage) && !(error instanceof Error && error.name === 'YError');
}

function withCommand(program: Argv, command: Command, run: (values: Values) => Promise<unknown>): Argv {
  const { name, args, describe, options = {}, examples = [], page, takesSettings = false } = command;
  const usage = args === undefined ? name : `${name} ${args}`;
  return program.command({
    command: usage,
    describe: describe ?? false,
    builder(one) {
      for (const [line, what] of examples) one.example(line, what);
      if (page !== undefined) one.epilogue(`More: ${join(packageDirectory, 'docs', page)}`);
      return one
        .usage(`Usage: fastagi ${usage} [options]\n\n${describe ?? ''}`)
        .options(takesSettings ? { ...settingsOptions, ...options } : options);
    },
    handler: async (values) => void (await run(lastOnes(values, { ...settingsOptions, ...options }))),
  });
}

/** Of an option that was given twice the last one counts, unless it may be given several times. */
function lastOnes(values: Values, options: NonNullable<Command['options']>): Values {
  const isOne = (name: string): boolean => options[name] !== undefined && !options[name].array;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isOne(name) && Array.isArray(value) ? value.at(-1) : value]),
  );
}

function settingsOf(values: Values): CommandLineSettings {
  const [config, basedir, record] = [textOf(values, 'config'), textOf(values, 'basedir'), textOf(values, 'record')];
  return {
    ...(config !== undefined && { config }),
    ...(basedir !== undefined && { basedir }),
    ...(record !== undefined && { record }),
    ...(typeof values['setuid'] === 'boolean' && { setuid: values['setuid'] }),
    ...(typeof values['debug'] === 'boolean' && { debug: values['debug'] }),
  };
}

const commandNames = commands.filter(({ describe }) => describe !== undefined).map(({ name }) => name);

function optionsOf(command: Command | undefined): string[] {
  const ofSettings = command === undefined || command.takesSettings ? [...Object.keys(settingsOptions), 'no-setuid'] : [];
  return ['help', 'version', ...ofSettings, ...Object.keys(command?.options ?? {})];
}

/** What yargs says, so that it names the thing and what to do. */
function inOurWords(message: string, argv: readonly string[]): string {
  const [, option, given, choices] = /Argument: (\S+), Given: "(.*)", Choices: (.*)/.exec(message) ?? [];
  if (choices !== undefined) return `--${option} ${given}: it is one of ${choices.replaceAll('"', '')}`;
  const command = commands.find(({ name }) => argv.includes(name));
  if (message.startsWith('Not enough non-option arguments')) return `${command?.name ?? ''} needs ${command?.args ?? 'more'}`;
  const [, incomplete] = /^Not enough arguments following: (.*)/.exec(message) ?? [];
  if (incomplete !== undefined) return `--${incomplete} needs a value`;
  const word = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  if (word === undefined) return message;
  const isOption = argv.some((one) => one.startsWith(`--${word}`));
  if (command !== undefined && !isOption) return `${command.name} takes no argument ${word}`;
  const meant = nearest(word, isOption ? optionsOf(command) : commandNames);
  const [what, marks] = isOption ? ['option', '--'] : ['command', ''];
  const of = isOption && command !== undefined ? ` of ${command.name}` : '';
  return `${marks}${word} is no ${what}${of}${meant === undefined ? '' : `; did you mean ${marks}${meant}?`}`;
}

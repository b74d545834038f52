import type { Options } from 'yargs';
import type { CommandLineSettings } from '../config/read-settings';
import type { CommandEnd, CommandStart, Terminal } from './start';

/** The values of the command line, by the names of options and arguments. */
export type Values = Readonly<Record<string, unknown>>;

/** What a command is given. */
interface Given {
  readonly values: Values;
  readonly settings: CommandLineSettings;
  readonly start: CommandStart;
  readonly terminal: Terminal;
  /** Prints a line at once. */
  say(line: string): void;
}

/** A command of `fastagi`: its help, the man page and its run come from this. */
export interface Command {
  readonly name: string;
  /** What follows the name: `<script> [args..]`, as yargs has it. */
  readonly args?: string;
  /** In a few words; none for what only fastagi itself calls. */
  readonly describe: string | undefined;
  /** Whether it takes the options that stand for keys of the configuration. */
  readonly takesSettings?: true;
  readonly options?: Readonly<Record<string, Options>>;
  readonly examples?: readonly (readonly [command: string, what: string])[];
  /** The page of docs that says more. */
  readonly page?: string;
  run(given: Given): Promise<CommandEnd>;
}

export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(values: Values, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}

export function isOn(values: Values, name: string): boolean {
  return values[name] === true;
}

import { commandOf } from '../agi/wire/command-table';
import type { Exchange } from './last-lines';

/** The codes that Asterisk answers with: whatever else begins a line is part of a value. */
const codes = ['100', '200', '503', '510', '511', '520'];

/**
 * What went over the wire, a line each, without a value: what callers keyed in and what scripts look up may be secret, whatever the
 * command. Commands by their words, answers by their codes, both with how much there was.
 */
export function shownExchanges(exchanges: readonly Exchange[]): string[] {
  return exchanges.flatMap((exchange) => (exchange.direction === '>' ? shownCommands(exchange) : [shownAnswer(exchange)]));
}

function shownCommands({ text, length }: Exchange): string[] {
  const lines = text.split('\n');
  // The empty piece behind the last newline; a cut line has none.
  const isCut = lines.pop() !== '' || length > text.length;
  const shown = lines.map((line) => `> ${shownCommand(line)}`);
  return isCut ? [...shown, `> ... (${length} bytes in all)`] : shown;
}

const argument = /"(?:[^"\\]|\\.)*"?|[^\s"]\S*/g;
const applicationName = /^"?([A-Za-z]\w{0,79})"?$/;

function shownCommand(line: string): string {
  const words = line.match(argument) ?? [];
  const command = commandOf(words.slice(0, 3));
  if (command === undefined) return `(a command that is not known here, ${line.length} bytes)`;
  const args = words.slice(command.split(' ').length);
  const application = command === 'EXEC' ? applicationName.exec(args[0] ?? '')?.[1] : undefined;
  if (application === undefined) return `${command} ${counted(args.length)}`;
  return `${command} ${application} ${counted(args.length - 1)}`;
}

function counted(count: number): string {
  return count === 1 ? '(1 argument)' : `(${count} arguments)`;
}

function shownAnswer({ text, length }: Exchange): string {
  const lines = text.split('\n');
  const told = lines
    .map((line) => (line === 'HANGUP' ? line : line.slice(0, 3)))
    .filter((word) => word === 'HANGUP' || codes.includes(word));
  return `< ${[...told, `(${length} bytes)`].join(' ')}`;
}

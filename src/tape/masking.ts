import { commandOf, writesValue } from '../agi/wire/command-table';
import { decodeText, encodeText } from '../ground/text';
import type { Secrets } from '../ground/secrets';
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

/** Those whose result is a key's code. */
const keyed = /^200 result=(\d+)/;

/**
 * A line of the wire, as it may be kept: each secret is its mark.
 * @param command the command that it belongs to, if what that writes, or reads, is secret
 */
export function hiddenLine(line: string, secrets: Secrets, command?: string): string {
  const own = command === undefined ? line : line.startsWith('200 ') ? hiddenReply(line, command, secrets) : hiddenValue(line, secrets);
  return hiddenBytes(own, secrets);
}

/** The last argument of a command that writes. */
function hiddenValue(line: string, secrets: Secrets): string {
  const words = line.match(argument) ?? [];
  const value = words.at(-1) ?? '';
  if (!writesValue(words.slice(0, 2).join(' '))) return line;
  const text = value.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  return `${line.slice(0, line.length - value.length)}"${secrets.markOf(decodeText(text))}"`;
}

function hiddenReply(line: string, command: string, secrets: Secrets): string {
  if (command.startsWith('GET DATA')) {
    const [, digits = ''] = /^200 result=([0-9*#A-D]+)/.exec(line) ?? [];
    return digits === '' ? line : line.replace(`result=${digits}`, `result=${secrets.markOf(digits)}`);
  }
  const probed = /\n200 result=1 \(fastagi-[0-9a-z]+\)$/.exec(line)?.index ?? line.length;
  const [, value] = /^200 result=1 \((.*)\)$/s.exec(line.slice(0, probed)) ?? [];
  if (value !== undefined) return `200 result=1 (${hiddenFenced(value, secrets)})${line.slice(probed)}`;
  const code = Number(keyed.exec(line)?.[1]);
  const key = code > 32 ? String.fromCharCode(code) : '';
  return /^[0-9A-D]$/.test(key) ? line.replace(keyed, `200 result=${secrets.markOf(key)}`) : line;
}

/** A value, behind which the mark of its command stands. */
function hiddenFenced(value: string, secrets: Secrets): string {
  const [, own = value, fence = ''] = /^(.*?)(fastagi-[0-9a-z]{20,})$/s.exec(value) ?? [];
  return own === '' ? value : secrets.markOf(decodeText(own)) + fence;
}

/** What is secret anywhere in a line, as bytes, with and without the escapes of a command. */
function hiddenBytes(line: string, secrets: Secrets): string {
  let hidden = line;
  for (const [value, shown] of secrets.all()) {
    const bytes = encodeText(value);
    for (const form of new Set([bytes, bytes.replace(/[\\"]/g, '\\$&')]))
      if (hidden.includes(form)) hidden = hidden.replaceAll(form, shown);
  }
  return hidden;
}

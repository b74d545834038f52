import { UsageError } from '../../ground/errors';
import { isFinite, wrongType } from '../../ground/argument';
import { encodeText } from '../../ground/text';

/** An argument of a command: text is quoted, a whole number is sent as it is. */
export type Argument = string | number;

/** More than this Asterisk's parser has no room for, the command's words included. */
const mostArguments = 127;

/**
 * A command as the line that Asterisk reads: bytes, newline at the end. Throws UsageError for what cannot be sent.
 * @param limit how long the line may be, in bytes
 */
export function commandLine(words: string, args: readonly (Argument | undefined)[], limit: number): string {
  if (words.split(' ').length + args.length > mostArguments) {
    throw new UsageError('FASTAGI_ARGUMENT_COUNT', `${words}: more than ${mostArguments} arguments; Asterisk takes no more`);
  }
  let line = words;
  for (const [index, argument] of args.entries()) {
    const what = `argument ${index + 1}`;
    line += ' ' + (isFinite(argument) ? wholeNumber(argument, words, what) : quoted(argument, words, what));
  }
  return limited(line, words, limit);
}

/** A line that the caller made, for commands not known here. */
export function rawLine(line: string, limit: number): string {
  if (typeof line !== 'string') throw wrongType(line, 'evaluate', 'the line', 'text');
  const words = /^\s*([A-Za-z ]*)/.exec(line)?.[1]?.trim().slice(0, 40) ?? '';
  return limited(encodeText(sendable(line, words || 'evaluate', 'the line')), words || 'evaluate', limit);
}

function limited(line: string, words: string, limit: number): string {
  if (line.length + 1 <= limit) return line + '\n';
  throw new UsageError(
    'FASTAGI_ARGUMENT_LONG',
    `${words}: the line would be ${line.length + 1} bytes, and this Asterisk takes ${limit}; store long values in pieces`,
  );
}

function quoted(text: unknown, words: string, what: string): string {
  const bytes = encodeText(sendable(text, words, what));
  return `"${bytes.includes('"') || bytes.includes('\\') ? bytes.replace(/[\\"]/g, '\\$&') : bytes}"`;
}

/** A number where a text is meant, as text. Anything else stays as it is, and is looked at when the line is made. */
export function asText(value: Argument): Argument {
  return isFinite(value) ? String(value) : value;
}

function wholeNumber(value: number, words: string, what: string): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new UsageError('FASTAGI_ARGUMENT_NUMBER', `${words}: ${what} is ${value}; it must be a whole number`);
}

const unsendable = [
  ['\n', 'a newline'],
  ['\r', 'a carriage return'],
  ['\0', 'a NUL'],
] as const;

function sendable(text: unknown, words: string, what: string): string {
  if (typeof text !== 'string') throw wrongType(text, words, what);
  const bad = unsendable.find(([character]) => text.includes(character));
  if (!bad) return text;
  throw new UsageError(
    'FASTAGI_ARGUMENT_NEWLINE',
    `${words}: ${what} holds ${bad[1]}, which would end the command; AGI has no way to send it: take it out first`,
  );
}

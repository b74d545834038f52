import { textOf } from '../../ground/argument';
import { encodeText } from '../../ground/text';
import { UsageError } from '../../ground/errors';
import { checkMask } from './event-classes';

/** One value, or several for a header that repeats. What is undefined is left out. */
export type FieldValue = string | number | boolean | undefined | readonly (string | number)[];

/** Variables by name, each of which arrives to the byte. */
export type Variables = Readonly<Record<string, string | number>>;

/** The headers of an action, by name; `variables` becomes a header `Variable` each. */
export type Fields = Readonly<Record<string, FieldValue | Variables>> & { readonly variables?: Variables | undefined };

/** Asterisk reads lines into this much room; of a longer one the rest is taken for a message of its own. */
const longestLine = 1022;

/** In bytes: a line of AGI, its newline included, as the action AGI takes it; the newline is not sent. */
export const longestCommand = longestLine - 'Command: '.length + 1;
const mostLines = 128;

/**
 * An action as the bytes that Asterisk reads, a byte a character.
 * @param id its ActionID, unless the fields have one
 * @throws UsageError for what cannot be sent
 */
export function actionText(action: string, id: string, fields: Fields): string {
  const lines = [header(action, 'Action', action), header(action, 'ActionID', ownId(fields) ?? id)];
  for (const [name, value] of Object.entries(fields)) {
    if (/^actionid$/i.test(name) || value === undefined) continue;
    if (/^action$/i.test(name)) throw wrong(action, `the field ${name} is given by the client itself`);
    if (/^eventmask$/i.test(name) || (/^events$/i.test(name) && /^login$/i.test(action))) checkMask(String(value));
    for (const [own, one] of linesOf(action, name, value)) lines.push(header(action, own, one));
  }
  if (lines.length <= mostLines) return `${lines.join('')}\r\n`;
  throw wrong(action, `there are ${lines.length} lines, and Asterisk takes ${mostLines} in one action`);
}

/** The ActionID that the caller chose. */
export function ownId(fields: Fields): string | undefined {
  const value = Object.entries(fields).find(([name]) => /^actionid$/i.test(name))?.[1];
  return value === undefined ? undefined : textOf(value, 'action', 'ActionID');
}

type Line = [name: string, value: string | number | boolean];

function linesOf(action: string, name: string, value: Exclude<Fields[string], undefined>): Line[] {
  if (Array.isArray(value)) return (value as readonly (string | number)[]).map((one): Line => [name, one]);
  if (typeof value !== 'object') return [[name, value]];
  if (value === null || name !== 'variables') throw wrong(action, `${name} is no text, number or boolean`);
  return Object.entries(value as Variables).map(([own, text]): Line => ['Variable', variableText(action, own, text)]);
}

/** `NAME=value`, which Asterisk takes apart as it does an application's options: commas, quotes and brackets need a backslash each. */
function variableText(action: string, name: string, value: string | number): string {
  if (!/^[^\s=,\\"()[\]]+(?:\([^\\"()[\]]*\))?$/.test(name))
    throw wrong(action, `variables: ${JSON.stringify(name)} is no name of a variable`);
  const escaped = (text: string): string => text.replace(/[\\,"()[\]]/g, '\\$&');
  return `${escaped(name)}=${escaped(textOf(value, action, `variables.${name}`))}`;
}

function header(action: string, name: string, value: string | number | boolean): string {
  if (!/^[!-9;-~]+$/.test(name)) throw wrong(action, `${JSON.stringify(name)} is no name of a field`);
  const text = typeof value === 'string' ? value : printed(action, name, value);
  // Whoever could end a line could add headers, and actions, of their own.
  if (/[\r\n\0]/.test(text)) throw wrong(action, `${name} holds a line end or a NUL, which cannot be sent`);
  const line = encodeText(`${name}: ${text}`);
  if (line.length <= longestLine) return `${line}\r\n`;
  throw wrong(action, `the line of ${name} would be ${line.length} bytes, and Asterisk takes ${longestLine}`);
}

function printed(action: string, name: string, value: unknown): string {
  if (typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw wrong(action, `${name} is no text, number or boolean`);
}

function wrong(action: string, why: string): UsageError {
  return new UsageError('FASTAGI_MANAGER_FIELD', `${JSON.stringify(action).slice(1, -1)}: ${why}; nothing was sent`);
}

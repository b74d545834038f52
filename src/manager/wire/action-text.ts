import { encodeText } from '../../ground/text';
import { UsageError } from '../../ground/errors';

/** One value, or several for a header that repeats (`Variable`). What is undefined is left out. */
export type FieldValue = string | number | boolean | undefined | readonly (string | number)[];

/** The headers of an action, by name. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** Asterisk reads lines into this much room; of a longer one the rest is taken for a message of its own. */
export const longestLine = 1022;
const mostLines = 128;

/** An action as the bytes that Asterisk reads. @throws UsageError for what cannot be sent */
export function actionText(action: string, id: string, fields: Fields): string {
  const lines = [header(action, 'Action', action), header(action, 'ActionID', id)];
  for (const [name, value] of Object.entries(fields)) {
    if (/^action(?:id)?$/i.test(name)) throw wrong(action, `the field ${name} is given by the client itself`);
    for (const one of Array.isArray(value) ? (value as readonly (string | number)[]) : [value as Exclude<FieldValue, readonly unknown[]>]) {
      if (one !== undefined) lines.push(header(action, name, one));
    }
  }
  if (lines.length <= mostLines) return `${lines.join('')}\r\n`;
  throw wrong(action, `there are ${lines.length} lines, and Asterisk takes ${mostLines} in one action`);
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

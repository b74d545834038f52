import { parse } from 'ini';
import { ConfigError } from '../ground/errors';
import type { Sections } from './settings';

const byteOrderMark = String.fromCharCode(0xfeff);

/**
 * INI text -> the sections' texts. Throws ConfigError that names the file and the line for what is no INI.
 * @param file how errors name the text
 */
export function parseIni(text: string, file: string): Sections {
  const sections = Object.create(null) as Sections;
  let section: Record<string, string> | undefined;
  for (const [index, raw] of text.replace(byteOrderMark, '').split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const head = line.startsWith('[') ? headOf(line) : undefined;
    const equals = line.indexOf('=');
    if (head !== undefined) section = sections[head] ??= Object.create(null) as Record<string, string>;
    else if (equals < 1 || line.startsWith('[') || line.includes('\0'))
      throw malformed(file, index + 1, 'neither [section] nor key = value');
    else if (!section) throw malformed(file, index + 1, 'before the first [section]');
    else {
      const value = valueOf(line.slice(equals + 1).trim());
      if (value === undefined) throw malformed(file, index + 1, 'a quote that is not closed, or text after it');
      section[line.slice(0, equals).trim()] = value;
    }
  }
  return sections;
}

/** `[name]`, and perhaps a comment. */
function headOf(line: string): string | undefined {
  const end = line.indexOf(']');
  const name = line.slice(1, end).trim();
  const after = line.slice(end + 1).trim();
  const isHead = end > 1 && !name.includes('[') && (after === '' || after.startsWith(';') || after.startsWith('#'));
  return isHead ? name : undefined;
}

/** As PHP reads it: only a `;` begins a comment, and a backslash stands for itself. Undefined for a quote without end. */
function valueOf(text: string): string | undefined {
  // Most values are plain, and a caller waits: a process's first regular expressions are dear.
  const isQuoted = text.startsWith('"') || text.startsWith("'");
  if (!isQuoted && !text.includes(';') && !text.includes('\\')) return text;
  // Inside quotes `ini` would read JSON: it takes '1e5' for a number and \b for a backspace.
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:;.*)?$/.exec(text);
  if (quoted) return quoted[2] ?? quoted[1]?.replace(/\\(["\\])/g, '$1');
  if (isQuoted) return undefined;
  const value = text.replace(/\\(?!;)|#/g, '\\$&');
  // It makes a null of the word.
  return String(parse(`value=${value}`)['value']);
}

function malformed(file: string, line: number, why: string): ConfigError {
  // The line itself may hold a secret, and is not shown.
  return new ConfigError('FASTAGI_CONFIG_MALFORMED', `${file}, line ${line}: ${why}; write comments with ; and values as key = value`);
}

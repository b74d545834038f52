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
  for (const [index, raw] of text.replace(byteOrderMark, '').split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const head = /^\[([^[\]]+)\]\s*(?:[;#].*)?$/.exec(line);
    const equals = line.indexOf('=');
    if (head) section = sections[(head[1] as string).trim()] ??= Object.create(null) as Record<string, string>;
    else if (equals < 1 || line.startsWith('[') || /[\0-\x08]/.test(line))
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

/** As PHP reads it: only a `;` begins a comment, and a backslash stands for itself. Undefined for a quote without end. */
function valueOf(text: string): string | undefined {
  // Inside quotes `ini` would read JSON: it takes '1e5' for a number and \b for a backspace.
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:;.*)?$/.exec(text);
  if (quoted) return quoted[2] ?? quoted[1]?.replace(/\\(["\\])/g, '$1');
  if (/^["']/.test(text)) return undefined;
  const value = text.replace(/\\(?!;)|#/g, '\\$&');
  // It makes a null of the word.
  return String(parse(`value=${value}`)['value']);
}

function malformed(file: string, line: number, why: string): ConfigError {
  // The line itself may hold a secret, and is not shown.
  return new ConfigError('FASTAGI_CONFIG_MALFORMED', `${file}, line ${line}: ${why}; write comments with ; and values as key = value`);
}

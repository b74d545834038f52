import { parse } from 'ini';
import type { Sections } from './settings';
import { knownKeys } from './settings-table';

const byteOrderMark = String.fromCharCode(0xfeff);

/** What an INI text says. */
export interface Ini {
  readonly sections: Sections;
  /** In which line each value stands, by `placeKey`. */
  readonly lines: ReadonlyMap<string, number>;
  /** How errors name the text. */
  readonly file: string;
  /** What is no INI, a sentence each. */
  readonly problems: readonly string[];
}

/** No text at all: the defaults. */
export const noIni: Ini = { sections: Object.create(null) as Sections, lines: new Map(), file: '', problems: [] };

export const placeKey = (section: string, key: string): string => `${section}\n${key}`;

/**
 * INI text -> the sections' texts.
 * @param file how errors name the text
 */
export function parseIni(text: string, file: string): Ini {
  const sections = Object.create(null) as Sections;
  const lines = new Map<string, number>();
  const problems: string[] = [];
  let section: Record<string, string> | undefined;
  let name = '';
  /** The section that should stand above what stands above the first one. */
  let missing: string | undefined;
  // The line itself may hold a secret, and is not shown.
  const malformed = (line: number, why: string): void => void problems.push(`${file}, line ${line}: ${why}`);
  const whole = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  for (const [index, raw] of whole.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const head = line.startsWith('[') ? headOf(line) : undefined;
    const equals = line.indexOf('=');
    const key = line.slice(0, equals).trim();
    if (head !== undefined) {
      section = sections[head] ??= Object.create(null) as Record<string, string>;
      name = head;
    } else if (equals < 1 || line.startsWith('[') || line.includes('\0'))
      malformed(index + 1, 'neither [section] nor key = value; write comments with ; and values as key = value');
    else if (!section) {
      const home = homeOf(key);
      if (home !== missing) malformed(index + 1, `it stands before the first [section]; put [${home}] above it`);
      missing = home;
    } else {
      const value = valueOf(line.slice(equals + 1).trim());
      if (value === undefined)
        malformed(index + 1, 'a quote that is not closed, or text after it; write comments with ; and values as key = value');
      else {
        section[key] = value;
        lines.set(placeKey(name, key), index + 1);
      }
    }
  }
  return { sections, lines, file, problems };
}

/** The section that a key belongs to. */
function homeOf(key: string): string {
  return Object.entries(knownKeys()).find(([, keys]) => keys.includes(key))?.[0] ?? 'phpagi';
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

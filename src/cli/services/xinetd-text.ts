import type { Fault } from './finding';

/** `bind = 127.0.0.1`. */
export interface XinetdAttribute {
  readonly name: string;
  readonly operator: string;
  readonly values: readonly string[];
  readonly line: number;
}

/** `service NAME { ... }`, or `defaults { ... }`, which has no name. */
export interface XinetdEntry {
  readonly name: string | undefined;
  readonly line: number;
  readonly attributes: readonly XinetdAttribute[];
}

/** What xinetd makes of one of its files. */
export interface XinetdText {
  readonly entries: readonly XinetdEntry[];
  /** `include` and `includedir`. */
  readonly includes: readonly { readonly isDirectory: boolean; readonly path: string }[];
  /** Each costs the entry that it is in. */
  readonly faults: readonly (Fault & { readonly service: string | undefined })[];
}

interface Line {
  readonly words: readonly string[];
  readonly number: number;
}

/**
 * Reads a file as xinetd does: words are parted by blanks; a brace stands alone in its line; behind a mistake everything is passed over up to the
 * next line with a closing brace.
 * @see xinetd.conf(5)
 */
export function parseXinetd(text: string): XinetdText {
  const entries: XinetdEntry[] = [];
  const includes: { isDirectory: boolean; path: string }[] = [];
  const faults: (Fault & { service: string | undefined })[] = [];
  const lines = wordsOf(text);

  const skipEntry = (): void => {
    for (let line = lines.shift(); line && line.words[0] !== '}'; line = lines.shift());
  };
  const wrong = (service: string | undefined, line: number | undefined, what: string, remedy: string): void => {
    faults.push({ service, level: 'error', line, what, remedy });
  };

  const readEntry = (name: string | undefined, start: number): void => {
    const brace = lines[0];
    if (brace?.words.join(' ') !== '{') {
      wrong(
        name,
        brace?.number ?? start,
        '`{` is missing',
        `write { alone in a line behind line ${start}, and } alone behind the last setting`,
      );
      return skipEntry();
    }
    lines.shift();
    const attributes: XinetdAttribute[] = [];
    for (let line = lines.shift(); ; line = lines.shift()) {
      if (!line) return wrong(name, undefined, '`}` is missing at the end', 'write } alone in the last line');
      const [word = '', operator = '', ...values] = line.words;
      if (word === '}' && line.words.length === 1) break;
      if (!['=', '+=', '-='].includes(operator)) {
        wrong(name, line.number, `${JSON.stringify(line.words.join(' '))} is no setting`, 'write NAME = VALUE, with blanks around =');
        return word === '}' ? undefined : skipEntry();
      }
      attributes.push({ name: word.toLowerCase(), operator, values, line: line.number });
    }
    entries.push({ name, line: start, attributes });
  };

  for (let line = lines.shift(); line; line = lines.shift()) {
    const [word = '', name] = line.words;
    const keyword = word.toLowerCase();
    if (keyword === 'defaults') readEntry(undefined, line.number);
    else if (keyword === 'service' && name !== undefined) readEntry(name, line.number);
    else if ((keyword === 'include' || keyword === 'includedir') && name !== undefined)
      includes.push({ isDirectory: keyword === 'includedir', path: name });
    else {
      wrong(undefined, line.number, `${JSON.stringify(line.words.join(' '))} stands outside of any service`, 'begin with: service fastagi');
      skipEntry();
    }
  }
  return { entries, includes, faults };
}

function wordsOf(text: string): Line[] {
  return text
    .split('\n')
    .map((line, index) => ({ words: line.split(/\s+/).filter((word) => word !== ''), number: index + 1 }))
    .filter(({ words }) => words.length > 0 && !words[0]?.startsWith('#'));
}

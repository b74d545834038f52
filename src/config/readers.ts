/** The keys and texts of one section. */
type Values = Readonly<Record<string, string>>;

/** Notes a value that makes no sense; the default stands in for it. */
type Wrong = (key: string, value: string, remedy: string) => void;

/** One key of phpagi.conf. */
export interface Row<Value> {
  readonly key: string;
  /** What holds if the key is not there, as a person would write it; an empty text for nothing. */
  readonly otherwise: string;
  /** The section -> the value. */
  read(section: Values, wrong: Wrong): Value;
}

const yes = ['true', 'on', 'yes', '1'];
const no = ['false', 'off', 'no', '0', 'none', ''];
/** Words that PHP takes for empty. */
const unset = ['false', 'off', 'no', 'none', 'null'];

export function text(key: string, otherwise: string): Row<string> {
  return { key, otherwise, read: (section) => section[key] || otherwise };
}

/** A text that may be missing. @param otherwise what stands in for it elsewhere */
export function optional(key: string, otherwise = ''): Row<string | undefined> {
  return { key, otherwise, read: (section) => optionalText(section, key) };
}

/** One of some words, the first unless said. */
export function choice<Word extends string>(key: string, words: readonly [Word, ...Word[]]): Row<Word> {
  const read: Row<Word>['read'] = (section, wrong) => {
    const value = section[key]?.toLowerCase();
    if (!value) return words[0];
    const found = words.find((word) => word === value);
    if (found === undefined) wrong(key, value, `write ${words.join(' or ')}`);
    return found ?? words[0];
  };
  return { key, otherwise: words[0], read };
}

export function flag(key: string, otherwise: boolean): Row<boolean> {
  const read: Row<boolean>['read'] = (section, wrong) => {
    const value = section[key]?.toLowerCase();
    if (value === undefined) return otherwise;
    if (yes.includes(value)) return true;
    if (!no.includes(value)) wrong(key, value, 'write true or false');
    return no.includes(value) ? false : otherwise;
  };
  return { key, otherwise: String(otherwise), read };
}

/** @param otherwise the default, or what it depends on */
export function number(key: string, otherwise: number | NumberDefault, least: number, most: number): Row<number> {
  const read: Row<number>['read'] = (section, wrong) => {
    const value = section[key];
    const standIn = typeof otherwise === 'number' ? otherwise : otherwise.of(section, wrong);
    if (!value) return standIn;
    const found = /^\d+$/.test(value) ? Number(value) : NaN;
    if (found >= least && found <= most) return found;
    wrong(key, value, `write a whole number from ${least} to ${most}`);
    return standIn;
  };
  return { key, otherwise: typeof otherwise === 'number' ? String(otherwise) : otherwise.text, read };
}

export interface NumberDefault {
  readonly text: string;
  of(section: Values, wrong: Wrong): number;
}

/** Names, separated by commas or blanks. */
export function names(key: string): Row<string[]> {
  return { key, otherwise: '', read: (section) => listed(optionalText(section, key)) };
}

/** Addresses and networks. Only no key at all, and `any`, allow all: no other word may open the door. */
export function whoMayCall(key: string): Row<string[]> {
  const read: Row<string[]>['read'] = (section, wrong) => {
    const value = section[key];
    const word = value?.trim().toLowerCase();
    if (value === undefined || word === 'any') return [];
    if (word === '' || isWord(value.toLowerCase())) wrong(key, value, 'write addresses and networks such as 192.0.2.7, 10.0.0.0/8, or any');
    return listed(value);
  };
  return { key, otherwise: 'any', read };
}

/** Addresses and networks of proxies; a word for no names none. */
export function proxies(key: string): Row<string[]> {
  const read: Row<string[]>['read'] = (section, wrong) => {
    const value = section[key] ?? '';
    const word = value.trim().toLowerCase();
    if (isWord(word)) return [];
    if (yes.includes(word)) wrong(key, value, 'write the addresses of the proxies, such as 127.0.0.1, or none');
    return listed(value);
  };
  return { key, otherwise: 'none', read };
}

/** Where the dialplan goes on. */
export interface Destination {
  context: string;
  extension: string;
  priority: string;
}

export function destination(key: string): Row<Destination | undefined> {
  const read: Row<Destination | undefined>['read'] = (section, wrong) => {
    const value = optionalText(section, key);
    if (value === undefined) return undefined;
    const [context, extension, priority, ...more] = value.split(',').map((part) => part.trim());
    if (context && extension && priority && more.length === 0) return { context, extension, priority };
    wrong(key, value, 'write context,extension,priority');
    return undefined;
  };
  return { key, otherwise: '', read };
}

function optionalText(section: Values, key: string): string | undefined {
  const value = section[key] || undefined;
  return value !== undefined && unset.includes(value.toLowerCase()) ? undefined : value;
}

function isWord(value: string): boolean {
  return no.includes(value) || unset.includes(value);
}

function listed(value: string | undefined): string[] {
  // A process's first regular expressions are dear.
  return value === undefined ? [] : value.split(/[\s,]+/).filter((name) => name !== '');
}

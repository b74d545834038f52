/** Made when one is first needed: making them costs each call a tenth of a millisecond. */
const makePatterns = () => {
  /** What tells by its name that it is secret; `bypassed`, `passenv` and the setting `secrets_for` do not. */
  const telling =
    /secret(?!s_?for)|pass(?!ed|es|env|ing|ive|age|enger|thr|ion)|pwd|token|credential|authorization|(?:api|auth|access|private)[-_]?key/i;
  return {
    telling,
    candidate: new RegExp(`${telling.source}|pin`, 'gi'),
    /** A word of its own: `PIN`, `user_pin`, `userPin`, but not `spin`. */
    pin: /(?:^|[^A-Za-z])(?:pin|Pin|PIN)(?![A-Za-z])|[a-z](?:Pin|PIN)(?![A-Za-z])|(?:^|[^A-Za-z])pin[A-Z]/,
    portOrPath: /^(?:\d+\W|\d*(?:[/?#]|$))/,
    /** Between a name and its value: `=`, `:`, `=>`, a comma before a quoted text, and a quote or bracket that ends the name. */
    separator: /["'`\]]{0,2}[ \t]{0,4}(?:=>?|:|,(?=[ \t]{0,4}["'`]))[ \t]{0,4}/y,
    blank: /[ \t=]{1,4}/y,
    quoted: /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`/y,
    scheme: /(?:Basic|Bearer|Digest|Token)[ \t]+/iy,
    word: /[^\s;&]+/y,
    nameCharacter: /[\w-]/,
  };
};
let made: ReturnType<typeof makePatterns> | undefined;
const patterns = () => (made ??= makePatterns());

const commonNames = ['secret', 'password', 'passwd', 'token', 'pin'];
/** One of them is in every such name. */
const stems = ['secret', 'pass', 'pwd', 'token', 'credential', 'authorization', 'key', 'pin'];

const mask = '****';

/** Whether a name tells that what it names is secret. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  // A caller waits for the settings: a process's first regular expressions are dear.
  if (commonNames.includes(lower)) return true;
  return stems.some((stem) => lower.includes(stem)) && (patterns().telling.test(name) || patterns().pin.test(name));
}

/** A copy in which whatever a key's name or a text gives away as secret is `****`, in every nesting. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = isSecretName(key) && item ? mask : masked(item);
  return copy;
}

/**
 * A text without the passwords of its addresses (`scheme://user:password@host`) and the values of what is named like a secret
 * (`password=...`, `"api_key": "..."`, `Authorization: Basic ...`, `--token ...`). What might be a secret is taken for one.
 */
export function maskedText(text: string): string {
  return mayHoldSecret(text) ? maskedPairs(maskedAddresses(text)) : text;
}

/** Without one of these, no address and no value behind a name is in a text; a process's first regular expressions are dear. */
function mayHoldSecret(text: string): boolean {
  return [':', '=', '--', '"', "'", '`'].some((sign) => text.includes(sign));
}

/** Line by line, since a password may hold blanks, but no newline. */
function maskedAddresses(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .split('\n')
    .map((line) => (line.includes('://') ? maskedLine(line) : line))
    .join('\n');
}

function maskedLine(line: string): string {
  let shown = '';
  let from = 0;
  let word = { end: 0, at: -1 };
  const lastAt = line.lastIndexOf('@');
  for (let scheme = line.indexOf('://'); scheme >= 0; scheme = line.indexOf('://', from)) {
    const start = scheme + 3;
    if (start > word.end) word = wordFrom(line, start);
    const secret = passwordIn(line, start, word, lastAt);
    shown += line.slice(from, secret ? secret.from : start) + (secret ? mask : '');
    from = secret ? secret.to : start;
  }
  return shown + line.slice(from);
}

interface Word {
  readonly end: number;
  /** Its last `@`, or a number below its beginning. */
  readonly at: number;
}

function wordFrom(line: string, start: number): Word {
  let end = start;
  let at = -1;
  for (; end < line.length && !' \t\r'.includes(line.charAt(end)); end++) if (line.charAt(end) === '@') at = end;
  return { end, at };
}

/**
 * Between the first colon behind the scheme and the last `@` of the word. Where the word holds no `@`, and what follows the colon is no port,
 * the password holds a blank.
 */
function passwordIn(line: string, start: number, { end, at }: Word, lastAt: number): { from: number; to: number } | undefined {
  const colon = line.indexOf(':', start);
  if (colon < 0 || colon >= end) return undefined;
  if (at >= start) return colon < at ? { from: colon + 1, to: at } : undefined;
  // A path or an IPv6 address before the colon: there are no user and password.
  if (/[/?#[]/.test(line.slice(start, colon)) || patterns().portOrPath.test(line.slice(colon + 1, end))) return undefined;
  return { from: colon + 1, to: lastAt > end ? line.indexOf('@', end) : end };
}

function maskedPairs(text: string): string {
  const { candidate, nameCharacter } = patterns();
  let shown = '';
  let from = 0;
  candidate.lastIndex = 0;
  for (let match = candidate.exec(text); match; match = candidate.exec(text)) {
    let start = match.index;
    while (start > from && nameCharacter.test(text.charAt(start - 1))) start -= 1;
    let end = candidate.lastIndex;
    while (nameCharacter.test(text.charAt(end))) end += 1;
    candidate.lastIndex = end;
    const name = text.slice(start, end);
    // `/etc/passwd: no such file`
    if (!isSecretName(name) || (text.charAt(start - 1) === '/' && text.charAt(end) === ':')) continue;
    const value = valueBehind(text, end, name);
    if (!value) continue;
    shown += text.slice(from, value.from) + mask;
    from = value.to;
    candidate.lastIndex = from;
  }
  return shown + text.slice(from);
}

/** Where the value of a name begins and ends, without its quotes. */
function valueBehind(text: string, end: number, name: string): { from: number; to: number } | undefined {
  const { separator, blank, quoted, scheme, word } = patterns();
  let from = reach(separator, text, end) ?? (name.startsWith('--') ? reach(blank, text, end) : undefined);
  if (from === undefined) return undefined;
  const behindQuoted = reach(quoted, text, from);
  if (behindQuoted !== undefined) return behindQuoted - from > 2 ? { from: from + 1, to: behindQuoted - 1 } : undefined;
  from = reach(scheme, text, from) ?? from;
  const to = reach(word, text, from);
  return to === undefined ? undefined : { from, to };
}

/** Where a match that begins there ends. */
function reach(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}

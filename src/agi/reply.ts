/** One answer of Asterisk, as bytes; texts in it are not decoded yet. */
export interface Reply {
  /** 200, or what went wrong: 503, 510, 511, 520, or one that we never saw. */
  readonly code: number;
  /** What stands behind `result=`, or an empty text. */
  readonly result: string;
  /** The text in brackets: a value, or a reason such as `timeout`. Undefined where there are no brackets. */
  readonly data: string | undefined;
  /** The pairs that follow: endpos, digit, results, score0, text0 ... */
  readonly fields: Readonly<Record<string, string>>;
  /** What stands behind the code; of a 520 the whole usage. */
  readonly text: string;
}

/**
 * Parses one whole reply without its last newline.
 * @param isValue whether the brackets hold a value, which may itself hold brackets, or a short reason
 */
export function parseReply(reply: string, isValue: boolean): Reply {
  const code = Number(reply.slice(0, 3));
  const text = reply.slice(4);
  const result = /^result=(\S*)/.exec(text);
  if (code !== 200 || !result) return { code, result: result?.[1] ?? '', data: undefined, fields: {}, text };
  const rest = text.slice(result[0].length);
  if (!rest.startsWith(' (')) return { code, result: result[1] as string, data: undefined, fields: pairs(rest), text };
  const end = isValue ? rest.lastIndexOf(')') : rest.indexOf(')');
  const data = end < 0 ? rest.slice(2) : rest.slice(2, end);
  const after = isValue || end < 0 ? '' : rest.slice(end + 1);
  return { code, result: result[1] as string, data, fields: pairs(after), text };
}

/** A reply to a fenced command: its value is known to the byte. */
export function valueReply(value: string): Reply {
  return { code: 200, result: '1', data: value, fields: {}, text: 'result=1 (value)' };
}

/** `name=value name="some text" ...`, in one go from left to right. */
function pairs(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  const closing = closingQuotes(text);
  let from = 0;
  for (let equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', from)) {
    const name = wordBefore(text, equals, from);
    if (name === '') {
      from = equals + 1;
      continue;
    }
    const quote = text[equals + 1] === '"' ? closing(equals + 2) : -1;
    from = quote < 0 ? endOfWord(text, equals + 1) : quote + 1;
    fields[name] = quote < 0 ? unquoted(text.slice(equals + 1, from)) : text.slice(equals + 2, quote);
  }
  return fields;
}

/** What no quote closes but one behind a backslash. */
function unquoted(word: string): string {
  return word.length > 1 && word.startsWith('"') && word.endsWith('"') ? word.slice(1, -1) : word;
}

/** Finds quotes without a backslash before them; where there was none, there is none further on either. */
function closingQuotes(text: string): (from: number) => number {
  let none = false;
  return (from) => {
    for (let at = none ? -1 : text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
      if (text[at - 1] !== '\\') return at;
    }
    none = true;
    return -1;
  };
}

function wordBefore(text: string, end: number, least: number): string {
  let start = end;
  while (start > least && /\w/.test(text[start - 1] ?? '')) start -= 1;
  while (start < end && /\d/.test(text[start] ?? '')) start += 1;
  return text.slice(start, end);
}

function endOfWord(text: string, from: number): number {
  let end = from;
  while (end < text.length && !/\s/.test(text[end] ?? '')) end += 1;
  return end;
}

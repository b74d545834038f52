import { speechFields } from './speech-reply';

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

/** A whole reply with foreign text, of which a probe showed the end: a value in brackets, or what was recognized behind them. */
export function parseForeign(reply: string, isSpeech: boolean): Reply {
  if (!isSpeech) return valueReply(reply.slice('200 result=1 ('.length, reply.lastIndexOf(')')));
  const text = reply.slice(4);
  return { code: 200, result: '1', data: 'speech', fields: speechFields(text.slice('result=1 (speech)'.length)), text };
}

/** A reply to a fenced command: its value is known to the byte. */
export function valueReply(value: string): Reply {
  return { code: 200, result: '1', data: value, fields: {}, text: 'result=1 (value)' };
}

/** `name=value name=value ...`, in one go from left to right. */
function pairs(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  let from = 0;
  for (let equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', from)) {
    const name = wordBefore(text, equals, from);
    from = name === '' ? equals + 1 : endOfWord(text, equals + 1);
    if (name !== '') fields[name] = text.slice(equals + 1, from);
  }
  return fields;
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

/** A key's ASCII code as the wire has it -> the key, `'5'`; undefined where no key was pressed. */
export function keyOf(reply: Reply): string | undefined {
  const code = Number(reply.result);
  // Codes from 1000 on say that the manager stopped a playback.
  return code > 0 && code < 128 ? String.fromCharCode(code) : undefined;
}

/** Where a playback or recording ended, in samples (8 a millisecond at 8 kHz). */
export function endposOf(reply: Reply): number {
  return Number(reply.fields['endpos'] ?? 0);
}

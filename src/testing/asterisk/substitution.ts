import { evaluate } from './expression';

/**
 * A template with each `${...}` and `$[...]` filled in, the inner ones first; one that is not closed goes to the end.
 * @param read gives a variable's or function's value
 */
export function substitute(template: string, read: (name: string) => string | undefined): string {
  let text = '';
  for (let at = 0; at < template.length;) {
    const opener = template.slice(at, at + 2);
    if (opener !== '${' && opener !== '$[') {
      text += template[at];
      at += 1;
      continue;
    }
    const end = closing(template, at + 2, opener === '${' ? '{}' : '[]');
    const inner = substitute(template.slice(at + 2, end), read);
    text += opener === '${' ? valueOf(inner, read) : evaluate(inner);
    at = end + 1;
  }
  return text;
}

function closing(template: string, from: number, brackets: string): number {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    if (template[at] === brackets[0]) depth += 1;
    if (template[at] === brackets[1]) depth -= 1;
    if (depth === 0) return at;
  }
  return template.length;
}

/** `NAME` or `NAME(argument)`, or a part of it: `NAME:OFFSET:LENGTH`. */
function valueOf(name: string, read: (name: string) => string | undefined): string {
  const [, whole = name, offset, length] = /^([^:()]+(?:\(.*\))?):(-?\d+)(?::(-?\d+))?$/s.exec(name) ?? [];
  const value = read(whole) ?? '';
  if (offset === undefined) return value;
  const rest = value.slice(Number(offset));
  return length === undefined ? rest : rest.slice(0, Number(length));
}

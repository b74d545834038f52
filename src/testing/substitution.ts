/** A template with each `${...}` filled in, the inner ones first. @param read gives a variable's or function's value */
export function substitute(template: string, read: (name: string) => string | undefined): string {
  let text = '';
  for (let at = 0; at < template.length;) {
    const start = template.indexOf('${', at);
    const end = start < 0 ? -1 : closing(template, start + 2);
    if (end < 0) return text + template.slice(at);
    text += template.slice(at, start) + valueOf(substitute(template.slice(start + 2, end), read), read);
    at = end + 1;
  }
  return text;
}

function closing(template: string, from: number): number {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    if (template[at] === '{') depth += 1;
    if (template[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** `NAME`, or a part of it: `NAME:OFFSET:LENGTH`. */
function valueOf(expression: string, read: (name: string) => string | undefined): string {
  const [, name = expression, offset, length] = /^([^:()]+):(-?\d+)(?::(-?\d+))?$/.exec(expression) ?? [];
  const value = read(name) ?? '';
  if (offset === undefined) return value;
  const rest = value.slice(Number(offset));
  return length === undefined ? rest : rest.slice(0, Number(length));
}

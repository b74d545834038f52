import { isPlain, visible } from '../../ground/visible';

/** A console line longer than this is continued on the next. */
const longestLine = 1000;

/** Anything -> the lines that the console shows for it, as PHP's print_r prints it. */
export function printLines(message: unknown): string[] {
  const text = typeof message === 'string' ? message : printed(message, '', []);
  if (text.length <= longestLine && isPlain(text)) return [text];
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1 || 1).flatMap((line) => pieces(visible(line.replaceAll('\t', ' '))));
}

function printed(value: unknown, indent: string, outer: readonly object[]): string {
  if (value === null || value === undefined || value === false) return '';
  if (value === true) return '1';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'symbol' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string')
    return String(value);
  if (typeof value === 'function') return `${value.name || 'anonymous'}()`;
  if (outer.includes(value)) return '*RECURSION*';
  const entries = value instanceof Map ? [...value] : value instanceof Set ? [...value].entries() : Object.entries(value);
  const inner = indent + '        ';
  let text = `${kind(value)}\n${indent}(\n`;
  for (const [key, item] of entries) text += `${indent}    [${String(key)}] => ${printed(item, inner, [...outer, value])}\n`;
  return `${text}${indent})\n`;
}

function kind(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const name = prototype?.constructor?.name;
  return !name || name === 'Object' || name === 'Array' ? 'Array' : `${name} Object`;
}

function pieces(line: string): string[] {
  if (line.length <= longestLine) return [line];
  const found: string[] = [];
  let piece = '';
  for (const character of line) {
    if (piece.length >= longestLine / 2) {
      found.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...found, piece];
}

import { printed } from './printed';
import { isPlain, visible } from '../../ground/visible';

/** A console line longer than this is continued on the next. */
const longestLine = 1000;

/** Anything -> the lines that the console shows for it, as PHP's print_r prints it. */
export function printLines(message: unknown): string[] {
  const text = typeof message === 'string' ? message : printed(message);
  if (text.length <= longestLine && isPlain(text)) return [text];
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1 || 1).flatMap((line) => pieces(visible(line.replaceAll('\t', ' '))));
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

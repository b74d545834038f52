/** A text with further lines, each of them at its end; behind the first line that is `below`, if that is there. */
export function withLines(text: string, lines: string, below?: string): string {
  const closed = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const at = below === undefined ? -1 : `\n${closed}`.indexOf(`\n${below}\n`);
  const behind = at < 0 || below === undefined ? closed.length : at + below.length + 1;
  return `${closed.slice(0, behind)}${lines}\n${closed.slice(behind)}`;
}

export function hasLines(text: string, lines: string): boolean {
  return placeOf(text, lines) >= 0;
}

/** The text without the last place that has these lines. */
export function withoutLines(text: string, lines: string): string {
  const at = placeOf(text, lines);
  return at < 0 ? text : `${text.slice(0, at)}${text.slice(at + lines.length + 1)}`;
}

function placeOf(text: string, lines: string): number {
  return `\n${text}\n`.lastIndexOf(`\n${lines}\n`);
}

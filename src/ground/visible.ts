/** Text with its control characters shown, `\x1b`, so that it can neither end a line nor steer a terminal. */
export function visible(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Text of many lines as one line of at most 500 characters, for places that take one. */
export function oneLine(text: string): string {
  const line = visible(text.trim().replace(/\s*\n\s*/g, ' / '));
  return line.length > 500 ? `${line.slice(0, 497)}...` : line;
}

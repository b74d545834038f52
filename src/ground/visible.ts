import { maskedText } from './masking';

/** Control characters, and the bytes 0x80 to 0x9f that are no UTF-8 (src/agi/text.ts): a terminal takes both for commands. */
const controls = /[\x00-\x1f\x7f-\x9f\udc80-\udc9f]/gu;

/** Text with its control characters shown, `\x1b`, so that it can neither end a line nor steer a terminal. */
export function visible(text: string): string {
  // A line for each call, and a process's first regular expressions are dear.
  if (isPlain(text)) return text;
  return text.replace(controls, (character) => `\\x${(character.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`);
}

/** Whether all of it is one line of ASCII, without control characters. */
export function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/** Text that can be sent whatever an error's message holds: a byte that is no UTF-8 is shown, `\xfc`, any other half of a character is U+FFFD. */
export function mended(text: string): string {
  if (text.isWellFormed()) return text;
  return text.replace(/[\udc80-\udcff]/gu, (half) => `\\x${(half.charCodeAt(0) & 0xff).toString(16)}`).toWellFormed();
}

/** Text of many lines as one line of at most 500 characters, without secrets, for places that take one. */
export function oneLine(text: string): string {
  const line = mended(visible(maskedText(joinedLines(text, longestLine))));
  return line.length > longestLine ? mended(`${line.slice(0, longestLine - 3)}...`) : line;
}

const longestLine = 500;

/** The lines of a text without the blanks around them, ` / ` between them. @param enough so many characters are wanted at most */
export function joinedLines(text: string, enough = Infinity): string {
  let joined = '';
  for (const line of text.split('\n')) {
    if (joined.length > enough) break;
    const trimmed = line.trim();
    if (trimmed !== '') joined += joined === '' ? trimmed : ` / ${trimmed}`;
  }
  return joined;
}

import { UsageError } from '../ground/errors';

/*
 * On the wire text is bytes. Inside the protocol each byte is one character (U+0000 to U+00FF), so that framing never
 * depends on an encoding. Towards scripts text is UTF-8; a byte that is none becomes U+DC80 to U+DCFF, and goes back
 * as the same byte: what was read can be written again unchanged.
 */

/** What stands for bytes that are no UTF-8; not written as itself, as a file beyond ASCII is compiled more slowly. */
const replacement = String.fromCharCode(0xfffd);

/** A loop, as the first regular expressions of a process are dear, and this stands on the way to the first command. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Bytes as the wire has them -> text for scripts. */
export function decodeText(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes(replacement) ? decodeBroken(bytes) : text;
}

/** Text from scripts -> bytes for the wire. Throws UsageError where a character has no bytes. */
export function encodeText(text: string): string {
  if (isAscii(text)) return text;
  if (text.isWellFormed()) return Buffer.from(text, 'utf8').toString('latin1');
  let bytes = '';
  for (const character of text) bytes += encodeCharacter(character);
  return bytes;
}

function encodeCharacter(character: string): string {
  if (character.isWellFormed()) return Buffer.from(character, 'utf8').toString('latin1');
  const code = character.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return String.fromCharCode(code - 0xdc00);
  throw new UsageError(
    'FASTAGI_ARGUMENT_TEXT',
    `half a character (U+${code.toString(16).toUpperCase()}) cannot be sent: cut texts between characters, not inside one`,
  );
}

function decodeBroken(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes.charCodeAt(at));
    const decoded = length && Buffer.from(bytes.slice(at, at + length), 'latin1').toString('utf8');
    if (decoded && isOneCharacter(decoded, bytes.slice(at, at + length))) {
      text += decoded;
      at += length;
    } else {
      text += String.fromCharCode(0xdc00 + bytes.charCodeAt(at));
      at += 1;
    }
  }
  return text;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

function isOneCharacter(decoded: string, bytes: string): boolean {
  return Buffer.from(decoded, 'utf8').toString('latin1') === bytes;
}

import { UsageError } from './errors';

/*
 * On the wire text is bytes. Inside the protocol each byte is one character (U+0000 to U+00FF), so that framing never
 * depends on an encoding. Towards scripts text is UTF-8. In a value that a script reads, a byte that is none becomes U+DC80 to
 * U+DCFF, and goes back as the same byte: what was read can be written again unchanged. In the request it becomes the character
 * that it is in Latin-1: half a character would make encodeURIComponent throw, and many a library with it.
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
  return text.includes(replacement) ? decodeBroken(bytes, exact) : text;
}

/** Bytes as the wire has them -> text without half a character: a byte that is no UTF-8 is taken for Latin-1. */
export function decodeReadable(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes(replacement) ? decodeBroken(bytes, latin1) : text;
}

/** Text from scripts -> bytes for the wire. Throws UsageError where a character has no bytes. */
export function encodeText(text: string): string {
  if (isAscii(text)) return text;
  if (text.isWellFormed()) return Buffer.from(text, 'utf8').toString('latin1');
  let bytes = '';
  for (const character of text) bytes += encodeCharacter(character);
  return bytes;
}

/** Text with bytes written as %XX -> bytes. */
export function percentDecoded(text: string): string {
  return encodeText(text).replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
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

/** Where the characters begin that stand for the bytes that are no UTF-8. */
const [exact, latin1] = [0xdc00, 0];

/** What is UTF-8 is decoded run by run; each other byte stands for itself. */
function decodeBroken(bytes: string, base: number): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    parts.push(decoded(bytes.slice(from, at)), String.fromCharCode(base + bytes.charCodeAt(at)));
    at += 1;
    from = at;
  }
  return parts.join('') + decoded(bytes.slice(from));
}

function decoded(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** How many bytes the character takes that begins there; 0 where none does. @see https://www.rfc-editor.org/rfc/rfc3629#section-4 */
function sequenceLength(bytes: string, at: number): number {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return 1;
  const second = bytes.charCodeAt(at + 1);
  const isTail = (offset: number): boolean => (bytes.charCodeAt(at + offset) & 0xc0) === 0x80;
  if (!isTail(1)) return 0;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) {
    // Neither overlong forms nor halves of pairs.
    const isAllowed = (first !== 0xe0 || second >= 0xa0) && (first !== 0xed || second <= 0x9f);
    return isAllowed && isTail(2) ? 3 : 0;
  }
  const isAllowed = first >= 0xf0 && first <= 0xf4 && (first !== 0xf0 || second >= 0x90) && (first !== 0xf4 || second <= 0x8f);
  return isAllowed && isTail(2) && isTail(3) ? 4 : 0;
}

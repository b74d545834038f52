import { expect, it } from 'vitest';
import { printLines } from '../../src/agi/commands/print-lines';
import { decodeText, encodeText } from '../../src/ground/text';
import { oneLine, visible } from '../../src/ground/visible';

const codes = Array.from({ length: 256 }, (_, code) => code);
const isControl = (code: number): boolean => code <= 0x1f || (code >= 0x7f && code <= 0x9f);
const shown = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;

it('shows every control character, and leaves every other one', () => {
  for (const code of codes) {
    const character = String.fromCharCode(code);
    expect(visible(`a${character}b`)).toBe(isControl(code) ? `a${shown(code)}b` : `a${character}b`);
  }
  expect(visible('\u00e4\u20ac\u{1f600}')).toBe('\u00e4\u20ac\u{1f600}');
});

it('leaves whole characters whole, whatever their second half is', () => {
  for (const character of ['\u{1f480}', '\u{1f49f}', '\u{1f600}', '\u{10ffff}']) {
    expect(visible(character)).toBe(character);
    expect(printLines(character)).toEqual([character]);
    expect(oneLine(`${'x'.repeat(495)}${character.repeat(5)}`).isWellFormed()).toBe(true);
  }
});

it('mends what a report sends', () => {
  expect(oneLine('G\udcfcnter \ud83d! \udf00 \u{1f600}')).toBe('G\\xfcnter \ufffd! \ufffd \u{1f600}');
  for (let length = 480; length < 520; length++) expect(oneLine('\u{1f600}'.repeat(length)).isWellFormed()).toBe(true);
});

it('shows raw bytes that a terminal takes for controls; other bytes stay', () => {
  for (const code of codes.filter((code) => code >= 0x80)) {
    const text = decodeText(`a${String.fromCharCode(code)}b`);
    expect(encodeText(visible(text))).toBe(isControl(code) ? `a${shown(code)}b` : `a${String.fromCharCode(code)}b`);
  }
});

it('lets none of them reach the console: VERBOSE, reasons', () => {
  const all =
    codes.map((code) => String.fromCharCode(code)).join('') +
    decodeText(
      codes
        .filter((code) => code >= 0x80)
        .map((code) => String.fromCharCode(code))
        .join(''),
    );
  for (const line of [...printLines(all), oneLine(all)]) {
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\udc80-\udc9f]/);
  }
});

import { expect, it } from 'vitest';
import { createNoticeFilter } from '../../../src/agi/wire/notice-filter';

it.each([
  ['200 result=1\nHANGUP\n', '200 result=1\n', true],
  ['HANGUP\n200 result=0\n', '200 result=0\n', true],
  ['HANGUP511 Command Not Permitted\n', '511 Command Not Permitted\n', true],
  ['HANGUP\nHANGUP\n520-Usage\nx\n520 End\n', '520-Usage\nx\n520 End\n', true],
  ['200 result=1 (do not HANGUP\nHANGUPS\n)\n', '200 result=1 (do not HANGUP\nHANGUPS\n)\n', false],
  ['200 result=1 (HANGUP)\nHANGING\n', '200 result=1 (HANGUP)\nHANGING\n', false],
])('%j: whole, byte by byte, and cut at every place', (bytes, rest, hungUp) => {
  const cuts = [[bytes], [...bytes], ...[...bytes].map((_, at) => [bytes.slice(0, at), bytes.slice(at)])];
  for (const pieces of cuts) {
    const filter = createNoticeFilter();
    const taken = pieces.map((piece) => filter.push(piece));
    expect(taken.map((part) => part.rest).join('')).toBe(rest);
    expect(taken.some((part) => part.hungUp)).toBe(hungUp);
  }
});

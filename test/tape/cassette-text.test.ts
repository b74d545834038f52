import { expect, it } from 'vitest';
import { CassetteError, entryLine, headLine, parseCassette, type CassetteEntry } from '../../src/tape/cassette-text';

const head = {
  fastagi: '0.1.0',
  asterisk: '22.10.1',
  script: '/srv/mü.js',
  name: 'mü',
  args: ['ä'],
  sha256: 'ab',
  begun: '2026-11-27T00:00:00.000Z',
};
const bytes = (text: string): string => Buffer.from(text).toString('latin1');

it.each<CassetteEntry>([
  { at: 0, kind: '<', text: 'agi_network: yes' },
  { at: 0, kind: '<', text: '' },
  { at: 12, kind: '<', text: 'agi_accountcode: ' },
  { at: 1234, kind: '>', text: String.raw`VERBOSE "a \"b\" \\ c" 1` },
  { at: 1234, kind: '<', text: '200 result=1 (\x00\x1b[31m\r\x7f\\x20)' },
  { at: 3_600_000, kind: '=', text: 'now 1700000000000' },
  { at: 99_999_999, kind: '.', text: 'SUCCESS' },
])('reads what it has written: %j', (entry) => {
  const line = entryLine(entry);
  expect(line).toMatch(/^[ -~\x80-\xff]*\n$/);
  expect(parseCassette(bytes(headLine(head)) + line)).toEqual({ head, entries: [entry] });
});

it('keeps every byte', () => {
  const text = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('').replace('\n', ''); // prettier-ignore
  const [entry] = parseCassette(bytes(headLine(head)) + entryLine({ at: 1, kind: '<', text })).entries;
  expect(entry?.text).toBe(text);
});

it.each([
  ['', 1, /does not begin with/],
  ['agi_network: yes\n', 1, /does not begin with/],
  ['fastagi-cassette 1 {"fastagi":"0.1.0"}\n', 1, /does not begin with/],
  ['fastagi-cassette 2 {}\n', 1, /does not begin with/],
  ['fastagi-cassette 1 nonsense\n', 1, /does not begin with/],
  [`${headLine(head)}    0.000 < a\nwhat\n`, 3, /no time/],
  [`${headLine(head)}    0.000 ? a\n`, 2, /no time/],
  [`${headLine(head)}    0.000 < a\\b\n`, 2, /backslash/],
  [`${headLine(head)}    0.000 < a`, 2, /ends in the middle of a line/],
])('refuses %j, and names the line', (text, line, why) => {
  const parse = () => parseCassette(bytes(text)); // prettier-ignore
  expect(parse).toThrow(CassetteError);
  expect(parse).toThrow(why);
  expect(parse).toThrow(`line ${line} of the recording`);
});

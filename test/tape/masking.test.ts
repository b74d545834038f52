import { expect, it } from 'vitest';
import { createLastLines } from '../../src/tape/last-lines';
import { createSecrets } from '../../src/ground/secrets';
import { hiddenLine, shownExchanges } from '../../src/tape/masking';

function shown(play: (write: (bytes: string) => void, came: (bytes: string) => void) => void): string[] {
  const { passed, last } = createLastLines();
  play(
    (bytes) => passed({ direction: '>', bytes, isSecret: false }),
    (bytes) => passed({ direction: '<', bytes, isSecret: false }),
  );
  return shownExchanges(last);
}

it('shows commands by their words, and counts arguments', () => {
  const lines = [
    'ANSWER',
    'SET VARIABLE "PIN" "12 34 \\" 5"',
    'exec Dial "PJSIP/100,30"',
    'EXEC "My\\"PIN" 1',
    'DATABASE DELTREE a',
    'FOO 1234',
  ];
  expect(shown((write) => lines.forEach((line) => write(`${line}\n`)))).toEqual([
    '> ANSWER (0 arguments)',
    '> SET VARIABLE (2 arguments)',
    '> EXEC Dial (1 argument)',
    '> EXEC (2 arguments)',
    '> DATABASE DELTREE (1 argument)',
    '> (a command that is not known here, 8 bytes)',
  ]);
});

it('shows an answer as one, however it is cut, by its codes and length', () => {
  const answer = '520-Invalid command syntax. 1234\n 1234\n520 End of proper usage.\nHANGUP\n';
  for (let at = 0; at <= answer.length; at++) {
    const cut = shown((_write, came) => [answer.slice(0, at), answer.slice(at)].forEach((piece) => came(piece)));
    expect(cut).toEqual([`< 520 520 HANGUP (${answer.length} bytes)`]);
  }
});

it('says how long a line was of which it keeps the beginning', () => {
  const line = `SET VARIABLE x "${'1234'.repeat(100)}"\n`;
  expect(shown((write) => write(line))).toEqual([`> ... (${line.length} bytes in all)`]);
});

it('keeps the last', () => {
  expect(shown((write) => Array.from({ length: 30 }, () => write('ANSWER\n')))).toHaveLength(24);
});

it.each([
  ['GET DATA "pin" 5000 4', '200 result=4711 (timeout)', /^200 result=<secret \d{4}> \(timeout\)$/],
  ['GET DATA "pin" 5000 4', '200 result= (timeout)', /^200 result= \(timeout\)$/],
  ['WAIT FOR DIGIT 5000', '200 result=52', /^200 result=<secret \d>$/],
  ['WAIT FOR DIGIT 5000', '200 result=35', /^200 result=35$/],
  ['WAIT FOR DIGIT 5000', '200 result=0', /^200 result=0$/],
  ['STREAM FILE "pin" "0123456789"', '200 result=52 endpos=800', /^200 result=<secret \d> endpos=800$/],
  ['STREAM FILE "pin" "0123456789"', '200 result=-1 endpos=800', /^200 result=-1 endpos=800$/],
  ['DATABASE GET "pins" "100"', '200 result=1 (4711)', /^200 result=1 \(<secret \d{4}>\)$/],
  [
    'GET FULL VARIABLE "${PIN}m"',
    '200 result=1 (4711fastagi-0123456789abcdefghij)',
    /^200 result=1 \(<secret \d{4}>fastagi-0123456789abcdefghij\)$/,
  ],
  ['SET VARIABLE "PIN" "47"', 'SET VARIABLE "PIN" "47"', /^SET VARIABLE "PIN" "<secret \d\d>"$/],
  ['DATABASE PUT "a" "b" "x \\"y\\\\"', 'DATABASE PUT "a" "b" "x \\"y\\\\"', /^DATABASE PUT "a" "b" "<secret [a-z]{5}>"$/],
  ['GET DATA "pin" 5000 4', 'GET DATA "pin" 5000 4', /^GET DATA "pin" 5000 4$/],
])('hides what is secret in %s: %s', (command, line, shown) => {
  expect(hiddenLine(line, createSecrets(), command)).toMatch(shown);
});

it('hides a secret wherever it comes again, as bytes, with escapes and without', () => {
  const secrets = createSecrets();
  secrets.add('pä"ss');
  const mark = secrets.markOf('pä"ss');
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  expect(hiddenLine(bytes('NOOP "the pä\\"ss"'), secrets)).toBe(`NOOP "the ${mark}"`);
  expect(hiddenLine(bytes('200 result=1 (pä"ss)'), secrets)).toBe(`200 result=1 (${mark})`);
});

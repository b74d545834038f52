import { expect, it } from 'vitest';
import { createLastLines } from '../../src/tape/last-lines';
import { shownExchanges } from '../../src/tape/masking';

function shown(play: (write: (bytes: string) => void, came: (bytes: string) => void) => void): string[] {
  const { passed, last } = createLastLines();
  play(
    (bytes) => passed({ direction: '>', bytes }),
    (bytes) => passed({ direction: '<', bytes }),
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

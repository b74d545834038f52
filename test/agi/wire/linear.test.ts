import { describe, expect, it } from 'vitest';
import { parseCallerId } from '../../../src/ivr/caller-id';
import { masked } from '../../../src/ground/masking';
import { createEnvironmentReader } from '../../../src/agi/wire/environment-reader';
import { printLines } from '../../../src/agi/commands/print-lines';
import { parseReply } from '../../../src/agi/wire/reply';
import { parseRequest } from '../../../src/agi/wire/request';
import { createReplyReader, type Awaiting } from '../../../src/agi/wire/reply-reader';
import { speechFields } from '../../../src/agi/wire/speech-reply';
import { decodeText, encodeText } from '../../../src/ground/text';
import { joinedLines, oneLine } from '../../../src/ground/visible';
import { createNoticeFilter } from '../../../src/agi/wire/notice-filter';
import { stepsOf } from '../../support/steps';

const pieces = (text: string, length: number): string[] =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, n) => text.slice(n * length, (n + 1) * length));

function session(awaiting: Awaiting, parts: readonly string[]): void {
  const reader = createReplyReader();
  for (const part of parts) {
    reader.push(part);
    while (reader.next(awaiting));
  }
}

const probe: Awaiting = { kind: 'probe', mark: 'MARK', isValue: false };
const end = '200 result=1 (MARK)\n';

const alternatives = (count: number): string =>
  Array.from({ length: Math.floor(count) }, (_, n) => `score${n}=1 text${n}="a" grammar${n}=b `).join('');

/** What Asterisk, a caller or a request may send, so many bytes of it. */
const cases: [string, (size: number) => unknown][] = [
  ['pairs that are none', (n) => parseReply(`200 result=0 ${'a'.repeat(n)}`, false)],
  ['pairs without values', (n) => parseReply(`200 result=0 ${'a='.repeat(n / 2)}`, false)],
  ['alternatives', (n) => speechFields(` endpos=0 results=${n} ${alternatives(n / 40)}`)],
  ['alternatives that never end', (n) => speechFields(` endpos=0 results=${n} score0=1 text0="${'" score1=1 text1="'.repeat(n / 18)}`)],
  ['alternatives without a text', (n) => speechFields(` endpos=0 results=2 score0=1 text0="" grammar0=${' score1=1'.repeat(n / 10)}`)],
  ['a reply in one-byte pieces', (n) => session({ kind: 'reply' }, [...`200 result=0 ${'x'.repeat(n)}\n`])],
  ['a value in packets', (n) => session({ kind: 'fenced', fence: 'MARK' }, pieces(`200 result=1 (${'x'.repeat(n)}MARK)\n`, 144))],
  [
    'a value of lines in packets',
    (n) => session({ kind: 'fenced', fence: 'MARK' }, pieces(`200 result=1 (${'x\n'.repeat(n / 2)}MARK)\n`, 144)),
  ],
  ['a usage in packets', (n) => session({ kind: 'reply' }, pieces(`520-Usage\n${'x\n'.repeat(n / 2)}520 End of proper usage.\n`, 144))],
  ['notices behind a probe', (n) => session(probe, [`${'HANGUP'.repeat(n / 6)}x\n${end}`])],
  ['notices of a line each', (n) => session(probe, [`${'HANGUP\n'.repeat(n / 7)}${end}`])],
  ['notices glued to each other', (n) => session({ kind: 'reply' }, [`${'HANGUP'.repeat(n / 6)}\n`])],
  ['empty lines', (n) => session({ kind: 'reply' }, ['\n'.repeat(n)])],
  ['provisional replies', (n) => session({ kind: 'reply' }, ['100 x\n'.repeat(n / 6)])],
  [
    'an environment byte by byte',
    (n) => {
      const reader = createEnvironmentReader();
      for (const byte of 'agi_x: y\n'.repeat(n / 9)) reader.push(byte);
    },
  ],
  [
    'an environment of empty lines',
    (n) => {
      const reader = createEnvironmentReader();
      for (const byte of `agi_version: 1\n${'\n'.repeat(n)}`) {
        reader.push(byte);
      }
      reader.settle();
    },
  ],
  [
    'a request of arguments',
    (n) => parseRequest(`agi_network: yes\n${Array.from({ length: n / 16 }, (_, at) => `agi_arg_${at + 1}: x`).join('\n')}`),
  ],
  ['a request of newlines', (n) => parseRequest(`agi_network: yes\n${'\n'.repeat(n)}`)],
  ['VERBOSE of newlines', (n) => printLines('\n'.repeat(n))],
  ['VERBOSE of one line', (n) => printLines('x'.repeat(n))],
  ['an error of blanks', (n) => joinedLines(' '.repeat(n))],
  ['an error of blank lines', (n) => joinedLines(`x${' \n '.repeat(n / 3)}x`)],
  ['a path of blanks', (n) => oneLine(`x${' '.repeat(n)}x`)],
  ['a caller id of brackets', (n) => parseCallerId(`<${'>'.repeat(n)}x`)],
  ['a caller id of quotes', (n) => parseCallerId('"'.repeat(n))],
  ['a caller id of @', (n) => parseCallerId(`<${'@'.repeat(n)}>`)],
  ['one long word to be masked', (n) => masked('x'.repeat(n))],
  ['pass to be masked', (n) => masked('pass'.repeat(n / 4))],
  ['addresses to be masked', (n) => masked('a://'.repeat(n / 4))],
  ['addresses with @ to be masked', (n) => masked(`${'a://'.repeat(n / 4)}@`)],
  ['addresses with users to be masked', (n) => masked('a://b:c '.repeat(n / 8))],
  ['pairs of equals signs to be masked', (n) => masked('a='.repeat(n / 2))],
  ['pairs to be masked', (n) => masked('pass=x;'.repeat(n / 7))],
  ['text with one bad byte', (n) => decodeText(`${'\xc3\xb6'.repeat(n / 2)}\xff`)],
  ['text of bad bytes', (n) => decodeText('\xff'.repeat(n))],
  ['text of halves', (n) => encodeText('\udcff'.repeat(n))],
  [
    'what a program is told',
    (n) => {
      const filter = createNoticeFilter();
      for (const piece of pieces('x\n'.repeat(n / 2), 144)) filter.push(piece);
    },
  ],
  [
    'a line that a program is told',
    (n) => {
      const filter = createNoticeFilter();
      for (const piece of pieces('x'.repeat(n), 144)) filter.push(piece);
    },
  ],
  [
    'notices that a program is told',
    (n) => {
      const filter = createNoticeFilter();
      filter.push('HANGUP\n'.repeat(n / 7));
    },
  ],
];

describe('twice the bytes are at most twice the steps, and a little:', () => {
  it.each(cases)('%s', (_what, run) => {
    const size = 10_080;
    run(size);
    const [once, twice] = [stepsOf(() => run(size)), stepsOf(() => run(size * 2))];
    expect(once).toBeGreaterThan(0);
    expect(twice / once).toBeLessThan(2.2);
  });

  it('and the count sees what is not so', () => {
    const slow = (n: number) => {
      let text = '';
      for (let at = 0; at < n; at++) {
        text += 'x';
        text.indexOf('y');
      }
    };
    expect(stepsOf(() => slow(2000)) / stepsOf(() => slow(1000))).toBeGreaterThan(3.5);
  });
});

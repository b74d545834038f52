import { expect, it } from 'vitest';
import { createSecrets } from '../../src/ground/secrets';
import { createScribe } from '../../src/tape/scribe';

type Piece = readonly ['<' | '>', string, boolean?];

function written(pieces: readonly Piece[]): string[] {
  const lines: string[] = [];
  const scribe = createScribe(createSecrets(), () => 0, ({ kind, text }) => void lines.push(`${kind} ${text}`)); // prettier-ignore
  for (const [direction, bytes, isSecret = false] of pieces) scribe.passed({ direction, bytes, isSecret });
  scribe.end();
  return lines;
}

const conversation: readonly Piece[] = [
  ['>', 'ANSWER\n'],
  ['<', '200 result=0\n'],
  ['>', 'GET DATA "pin" 5000 4\n', true],
  ['<', '200 result=4711 (timeout)\n', true],
  ['>', 'DATABASE GET "pins" "100"\n', true],
  ['>', 'GET FULL VARIABLE "fastagi-0123456789abcdefghij"\n', true],
  ['<', '200 result=1 (two\nlines)\n200 result=1 (fastagi-0123456789abcdefghij)\n', true],
  ['>', 'SET VARIABLE "PIN" "4711"\n', true],
  ['<', '200 result=1\n', true],
  ['>', 'NOOP "it was 4711"\n'],
  ['<', '200 result=0\nHANGUP\n'],
  ['>', 'STATUS'],
];
const whole = written(conversation);

it('writes a line for a line, without what is secret', () => {
  const [, , , data = ''] = whole;
  const mark = /<secret \d{4}>/.exec(data)?.[0];
  expect(whole.join('\n')).not.toMatch(/4711|two|lines/);
  expect(whole.filter((line) => line.includes(String(mark)))).toEqual([
    `< 200 result=${mark} (timeout)`,
    `> SET VARIABLE "PIN" "${mark}"`,
    `> NOOP "it was ${mark}"`,
  ]);
  expect(whole.at(-1)).toBe('> STATUS');
});

it('writes the same, however the bytes are cut', () => {
  const unmarked = (lines: string[]): string => lines.join('\n').replace(/<secret [^>]+>/g, '<secret>');
  for (let size = 1; size < 40; size++) {
    const cut = conversation.flatMap(([direction, bytes, isSecret]) =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, index): Piece => [
        direction,
        bytes.slice(index * size, (index + 1) * size),
        isSecret ?? false,
      ]),
    );
    expect(unmarked(written(cut)), `pieces of ${size}`).toBe(unmarked(whole));
  }
});

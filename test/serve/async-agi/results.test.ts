import { expect, it } from 'vitest';
import { createResults } from '../../../src/serve/async-agi/results';

/** Plays Asterisk's side: replies go through a pipe of which 1,024 bytes are read for each command. */
function played(replies: readonly (readonly [id: string, bytes: string])[]): { got: string[]; failed: string[]; noops: number } {
  const got: string[] = [];
  const failed: string[] = [];
  let pipe = '';
  let noops = 0;
  const waiting: [id: string, answer: string][] = [];
  const results = createResults({
    reply: (bytes) => got.push(bytes),
    send(line, id) {
      noops += 1;
      waiting.push([id, `200 result=1 (${/"(.*)"/.exec(line)?.[1]})\n`]);
    },
    fail: (error) => failed.push(error.message),
  });
  const answer = (id: string, bytes: string): void => {
    pipe += bytes;
    const read = pipe.slice(0, 1024);
    pipe = pipe.slice(1024);
    results.take(encodeURIComponent(read).slice(0, 2047).replace(/%.?$/, ''), id);
  };
  for (const [id, bytes] of replies) answer(id, bytes);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) answer(...next);
  return { got, failed, noops };
}

const value = (length: number): string => `200 result=1 (${'v'.repeat(length)})\n`;

it('gives short replies as they come', () => {
  expect(played([['1', '200 result=0\n'], ['2', value(500)]])).toEqual({ got: ['200 result=0\n', value(500)], failed: [], noops: 0 }); // prettier-ignore
});

it.each([1008, 1009, 1010, 1023, 1024, 2000, 2035, 3000, 10_000])(
  'gives a reply with %d characters whole, and is in step behind it',
  (length) => {
    const { got, failed } = played([['1', value(length)]]);
    expect([got.join(''), failed]).toEqual([value(length), []]);
  },
);

it('keeps the order of commands that were queued behind a long one', () => {
  const replies = [['1', value(3000)], ['2', '200 result=1 (mark)\n'], ['3', value(2000)]] as const; // prettier-ignore
  const { got, failed } = played(replies);
  expect([got.join(''), failed]).toEqual([replies.map(([, bytes]) => bytes).join(''), []]);
});

it('is not taken in by a value that holds replies', () => {
  const plain = `200 result=1 (${'x'.repeat(1024 - 14 - 13)}200 result=0\n${'y'.repeat(2000)})\n`;
  expect(played([['1', plain]]).got.join('')).toBe(plain);
});

it.each([700, 1500, 5000])('tells that a reply was cut, and goes on in step: %d characters', (length) => {
  const { got, failed } = played([['1', `200 result=1 (${'\xfc'.repeat(length)})\n`]]);
  expect(got).toEqual([]);
  expect(failed).toEqual([expect.stringContaining('Asterisk cut a reply')]);
});

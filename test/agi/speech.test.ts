import { describe, expect, it } from 'vitest';
import type { Commands } from '../../src/agi/agi';
import { createChannel, type Channel } from '../../src/agi/channel';
import { encodeText } from '../../src/ground/text';
import { agiOn } from '../support/agi';

interface Heard {
  readonly score: number;
  readonly text: string;
  readonly grammar: string;
}

/** As Asterisk prints it: into 4,096 bytes, one of which is a NUL. */
function printed(heard: readonly Heard[]): string {
  const pairs = heard.map(({ score, text, grammar }, n) => `score${n}=${score} text${n}="${text}" grammar${n}=${grammar} `).join('');
  return `200 result=1 (speech) endpos=480 results=${heard.length} ${encodeText(pairs).slice(0, 4095)}\n`;
}

/** Gives this reply to SPEECH RECOGNIZE, in such pieces; the probe and what follows are answered as Asterisk does. */
function play(reply: string, cut: (bytes: string) => Iterable<string>): Commands {
  const channel: Channel = createChannel({
    write(bytes) {
      const mark = /"(fastagi-\w+)"/.exec(bytes)?.[1];
      const answer = bytes.startsWith('SPEECH') ? reply : mark === undefined ? '200 result=6\n' : `200 result=1 (${mark})\n`;
      queueMicrotask(() => {
        for (const piece of cut(answer)) channel.receive(piece);
      });
    },
  });
  return agiOn(channel);
}

const texts = [
  'yes',
  '',
  'say "yes" now',
  '"',
  'two\nlines',
  '<?xml version="1.0"?>\n<result grammar="session:x">\n  <interpretation confidence="1"/>\n</result>\n',
  '{"text": "yes", "n": 1}',
  'a" grammar0="b',
  'a" score1=5 text1="b',
  'HANGUP\n200 result=0\n510 Invalid or unknown command\nHANGUP',
  'G\udcfcnter',
  'Žluťoučký',
  ' blanks ',
  'endpos=5 results=9 (digit)',
];

const alternatives = texts.map((text, n) => ({ score: n * 50 - 1, text, grammar: n % 3 === 0 ? 'builtin:digits' : `g "${n}"\n` }));

describe('speech', () => {
  it.each(texts.map((text) => [text]))('%j arrives to the byte, whole, byte by byte and cut at every place', async (text) => {
    // What looks like the end of a text may stand in it, but not in the grammar behind it.
    const heard = [{ score: 900, text, grammar: text.includes('grammar0') ? 'g' : text }];
    const reply = printed(heard);
    const cuts: ((bytes: string) => Iterable<string>)[] = [(bytes) => [bytes], (bytes) => bytes];
    for (let at = 1; at < reply.length; at++) cuts.push((bytes) => [bytes.slice(0, at), bytes.slice(at)]);
    for (const cut of cuts) {
      const agi = play(reply, cut);
      const result = await agi.speechRecognize('beep', 5);
      expect(result).toEqual({ reason: 'speech', digit: undefined, endpos: 480, results: heard, cut: false });
      expect(await agi.channelStatus()).toBe('up');
      expect(agi.hungUp).toBe(false);
    }
  });

  it('of many alternatives arrives to the byte, also from evaluate', async () => {
    const agi = play(printed(alternatives), (bytes) => [bytes]);
    expect((await agi.speechRecognize('beep', 5)).results).toEqual(alternatives);
    expect(await agi.evaluate('SPEECH RECOGNIZE beep 5')).toMatchObject({
      results: '14',
      text1: '',
      text2: 'say "yes" now',
      grammar13: alternatives[13]?.grammar,
    });
  });

  it('that Asterisk cut says so, and what follows is in step', async () => {
    const long = { score: 1, text: 'x'.repeat(5000), grammar: 'g' };
    for (const [heard, found] of [
      [[long], [{ score: 1, text: 'x'.repeat(4095 - 'score0=1 text0="'.length), grammar: '' }]],
      [
        [{ ...long, text: 'yes' }, long, long],
        [
          { score: 1, text: 'yes', grammar: 'g' },
          { score: 1, text: 'x'.repeat(4095 - 'score0=1 text0="yes" grammar0=g score1=1 text1="'.length), grammar: '' },
        ],
      ],
    ] as const) {
      const agi = play(printed(heard), (bytes) => [bytes]);
      expect(await agi.speechRecognize('beep', 5)).toMatchObject({ results: found, cut: true });
      expect(await agi.channelStatus()).toBe('up');
    }
  });

  it.each([
    ['200 result=1 (digit) digit=5 endpos=7\n', { reason: 'digit', digit: '5', endpos: 7, results: [], cut: false }],
    ['200 result=1 (timeout) endpos=7\n', { reason: 'timeout', digit: undefined, endpos: 7, results: [], cut: false }],
    ['200 result=1 (speech) endpos=7 results=0 \n', { reason: 'speech', digit: undefined, endpos: 7, results: [], cut: false }],
  ])('%j', async (reply, expected) => {
    expect(await play(reply, (bytes) => [bytes]).speechRecognize('beep', 5)).toEqual(expected);
  });

  it.each(['200 result=0\n', '200 result=-1\n'])('that fails is an error: %j', async (reply) => {
    await expect(play(reply, (bytes) => [bytes]).speechRecognize('beep', 5)).rejects.toMatchObject({ code: 'FASTAGI_COMMAND_FAILED' });
  });
});

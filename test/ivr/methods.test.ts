import { expect, it } from 'vitest';
import { spelled } from '../../src/ivr/punctuation';
import { simulatedCall } from '../support/simulated-call';

const sounds = { beep: 100, one: 500 };

it('a menu is played ten times, and waits two seconds each time, unless it is told otherwise', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  expect(await agi.menu({ 1: 'one' })).toBeUndefined();
  const lines = asterisk.commands.filter((line) => !line.includes('fastagi-'));
  expect(lines.filter((line) => line.startsWith('STREAM FILE'))).toHaveLength(10);
  expect(lines.filter((line) => line === 'WAIT FOR DIGIT 2000')).toHaveLength(10);
});

it('text is typed after a beep', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  at(300, () => asterisk.press('2*3#'));
  await agi.textInput();
  expect(asterisk.commands[0]).toMatch(/^GET DATA "?beep/);
});

it('what is no argument is refused before a line is sent', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  await expect(agi.sayPunctuation(undefined as never)).rejects.toThrow('sayPunctuation: argument 1 is undefined; it must be text');
  await expect(agi.play('one', undefined, null as never)).rejects.toThrow('play: options is null; it must be an object');
  await expect(agi.play('one', null as never)).rejects.toThrow('play: argument 2 is null; it must be text');
  expect(asterisk.commands).toEqual([]);
});

it.each([
  ['a(b)', /left parenthesis.*right parenthesis/],
  ['*', /asterisk/],
  ['=', /equals/],
  ['<>', /less than.*greater than/],
  ['[', /left bracket/],
])('%s is spelled in words', (text, words) => {
  expect(spelled(text)).toMatch(words);
});

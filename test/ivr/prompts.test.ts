import { describe, expect, it } from 'vitest';
import { simulatedCall } from '../support/simulated-call';

const sounds = { question: 1000, wrong: 500, silence: 500, beep: 100, one: 1000, two: 1000, rest: 1000 };
const played = (commands: readonly string[]) =>
  commands.filter((line) => /^(STREAM|SAY)/.test(line)).map((line) => line.split(' "')[1]?.slice(0, -1));

it('asks, lets the caller interrupt, and reads up to the terminator', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  for (const [index, key] of [...'123#'].entries()) at(300 + index * 100, () => asterisk.press(key));
  expect(await agi.ask(['question', 'rest'], { digits: { min: 2, max: 8 } })).toEqual({ outcome: 'entered', digits: '123' });
  expect(played(asterisk.commands)).toEqual(['question']);
});

it('takes what was typed before the question', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  asterisk.press('42');
  expect(await agi.ask('question', { digits: 2 })).toEqual({ outcome: 'entered', digits: '42' });
});

it('ends an entry when no further key comes in time, or all are there', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  at(100, () => asterisk.press('7'));
  expect(await agi.ask('question', { digits: { min: 1, max: 4 }, timeouts: { between: 700 } })).toEqual({
    outcome: 'entered',
    digits: '7',
  });
  at(10, () => asterisk.press('123456'));
  expect(await agi.ask('question', { digits: 4 })).toEqual({ outcome: 'entered', digits: '1234' });
});

it('plays files, speech, digits, numbers, letters and dates in a row', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  const when = new Date('2026-01-02T03:04:05Z');
  const answer = await agi.ask(
    ['question', { file: 'rest' }, { digits: '12' }, { number: 5, gender: 'f' }, { alpha: 'ab' }, { phonetic: 'c' }, { date: when }, { time: Number(when) / 1000 },
      { dateTime: when, format: 'Y', timezone: 'UTC' }, { pause: 100 }],
    { attempts: 1 },
  ); // prettier-ignore
  expect(answer).toEqual({ outcome: 'timedOut' });
  const keys = '"0123456789*#ABCD"';
  expect(asterisk.commands).toEqual([
    `STREAM FILE "question" ${keys}`, `STREAM FILE "rest" ${keys}`, `SAY DIGITS "12" ${keys}`, `SAY NUMBER 5 ${keys} "f"`, `SAY ALPHA "ab" ${keys}`,
    `SAY PHONETIC "c" ${keys}`, `SAY DATE 1767323045 ${keys}`, `SAY TIME 1767323045 ${keys}`, `SAY DATETIME 1767323045 ${keys} "Y" "UTC"`,
    'WAIT FOR DIGIT 100', 'WAIT FOR DIGIT 5000',
  ]); // prettier-ignore
});

it('tells timed out, given up and cancelled apart, and says what was wrong', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  const options = { digits: 2, attempts: 2, invalid: 'wrong', onTimeout: 'silence', cancel: '*' } as const;
  expect(await agi.ask('question', options)).toEqual({ outcome: 'timedOut' });
  expect(played(asterisk.commands)).toEqual(['question', 'silence', 'question', 'silence']);

  const refusing = simulatedCall({ sounds });
  refusing.at(100, () => refusing.asterisk.press('11'));
  refusing.at(2500, () => refusing.asterisk.press('22'));
  expect(await refusing.agi.ask('question', { ...options, validate: async () => Promise.resolve(false) })).toEqual({
    outcome: 'gaveUp',
    digits: '22',
  });
  expect(played(refusing.asterisk.commands).at(-1)).toBe('wrong');

  at(100, () => asterisk.press('1*'));
  expect(await agi.ask('question', options)).toEqual({ outcome: 'cancelled' });
});

it('asks again where the entry will not do, with prompts that the validation gives', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  at(100, () => asterisk.press('11'));
  at(3000, () => asterisk.press('42'));
  const validate = (digits: string) => (digits === '42' ? true : 'wrong');
  expect(await agi.ask('question', { digits: 2, validate })).toEqual({ outcome: 'entered', digits: '42' });
  expect(played(asterisk.commands)).toEqual(['question', 'wrong', 'question']);
});

it('takes no key for an answer where none is asked for', async () => {
  const { agi } = simulatedCall({ sounds });
  expect(await agi.ask('question', { digits: { min: 0, max: 4 }, attempts: 1 })).toEqual({ outcome: 'entered', digits: '' });
});

it('refuses prompts and numbers of digits that make no sense', async () => {
  const { agi } = simulatedCall({ sounds });
  await expect(agi.ask({} as never)).rejects.toMatchObject({ code: 'FASTAGI_PROMPT' });
  await expect(agi.ask('question', { digits: 0 })).rejects.toMatchObject({ code: 'FASTAGI_ASK_DIGITS' });
  await expect(agi.menu({ 12: 'one' })).rejects.toMatchObject({ code: 'FASTAGI_MENU_KEY' });
  await expect(agi.menu({})).rejects.toMatchObject({ code: 'FASTAGI_MENU_KEY' });
});

it('throws where the caller hangs up in a question', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  at(1500, () => asterisk.hangUp());
  await expect(agi.ask('question')).rejects.toMatchObject({ code: 'FASTAGI_HANGUP' });
});

it('plays a menu until one of its keys is pressed, and on for a key that is none of them', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  at(200, () => asterisk.press('9'));
  at(1900, () => asterisk.press('2'));
  const key: '1' | '2' | undefined = await agi.menu({ 1: 'one', 2: 'two' }, 1000, { invalid: 'wrong' });
  expect(key).toBe('2');
  expect(asterisk.commands).toEqual(['STREAM FILE "one" "12"', 'STREAM FILE "two" "12"']);
});

it('takes another key behind the prompts for a wrong choice', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  at(2100, () => asterisk.press('9'));
  at(3000, () => asterisk.press('1'));
  expect(await agi.menu({ 1: 'one', 2: 'two' }, 1000, { invalid: 'wrong' })).toBe('1');
  expect(played(asterisk.commands)).toEqual(['one', 'two', 'wrong', 'one']);
});

it('takes a menu in the order of its pairs, and gives up after so many attempts', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  const menu = [['2', 'two'], ['*', 'rest'], ['1', ['one', 'rest']]] as const; // prettier-ignore
  const key: '1' | '2' | '*' | undefined = await agi.menu(menu, 500, { attempts: 2 });
  expect(key).toBeUndefined();
  const once = ['two', 'rest', 'one', 'rest'];
  expect(played(asterisk.commands)).toEqual([...once, ...once]);
});

describe('play', () => {
  it('plays a row of prompts, and gives the key that stopped it', async () => {
    const { agi, asterisk, at } = simulatedCall({ sounds });
    expect(await agi.play(['one', { digits: 12 }, { pause: 200 }, { number: 7 }])).toEqual({ digit: undefined });
    expect(asterisk.commands).toEqual(['STREAM FILE "one" ""', 'SAY DIGITS "12" ""', 'WAIT FOR DIGIT 200', 'SAY NUMBER 7 ""']);
    at(1500, () => asterisk.press('95'));
    expect(await agi.play(['one', 'two', 'rest'], '5')).toEqual({ digit: '5' });
    expect(played(asterisk.commands).slice(-2)).toEqual(['one', 'two']);
    expect(await agi.play([])).toEqual({ digit: undefined });
  });

  it('waits on where a key in a silence is none of its own', async () => {
    const { agi, asterisk } = simulatedCall({ sounds });
    asterisk.press('9');
    await agi.play({ pause: 300 }, '5');
    expect(asterisk.commands[0]).toBe('WAIT FOR DIGIT 300');
    expect(asterisk.commands[1]).toMatch(/^WAIT FOR DIGIT \d+$/);
  });

  it('stops for a signal, and plays nothing further', async () => {
    const { agi, asterisk, at } = simulatedCall({ sounds });
    const controller = new AbortController();
    at(1500, () => controller.abort(new Error('enough')));
    const { signal } = controller;
    await expect(agi.play(['one', 'two', 'rest'], '', { signal })).rejects.toThrow('enough');
    expect(played(asterisk.commands)).toEqual(['one', 'two']);
    await expect(agi.play(['one'], '', { signal })).rejects.toThrow('enough');
    expect(played(asterisk.commands)).toEqual(['one', 'two']);
    const later = new AbortController();
    at(200, () => later.abort(new Error('said')));
    await expect(agi.play([{ digits: '12' }, 'rest'], '', { signal: later.signal })).rejects.toThrow('said');
    expect(played(asterisk.commands)).toEqual(['one', 'two', '12']);
    const waiting = new AbortController();
    at(200, () => waiting.abort(new Error('waited')));
    await expect(agi.play({ pause: 5000 }, '', { signal: waiting.signal })).rejects.toThrow('waited');
  });

  it.each([
    [[undefined], 'FASTAGI_PROMPT'],
    [[{ silence: 5 }], 'FASTAGI_PROMPT'],
    [['one', null], 'FASTAGI_ARGUMENT_TYPE'],
    [['one', '', 5], 'FASTAGI_ARGUMENT_TYPE'],
  ])('refuses %j', async (args, code) => {
    const { agi, asterisk } = simulatedCall({ sounds });
    await expect(Reflect.apply(agi.play as (...given: unknown[]) => Promise<unknown>, undefined, args)).rejects.toMatchObject({ code });
    expect(asterisk.commands).toEqual([]);
  });
});

it('types a text by keys, and goes on after **', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds }, { tts: { engine: 'silent' }, silent: { command: '/bin/false' } });
  // Nothing was typed, so nothing is spelled.
  at(300, () => asterisk.press('#'));
  expect(await agi.textInput('upper')).toBe('');
  for (const [index, key] of [...'44***5444*00**'].entries()) at(300 + index * 10, () => asterisk.press(key));
  at(900, () => asterisk.press('#'));
  at(2000, () => asterisk.press('**8999#'));
  // An engine that fails loses nothing of what was typed.
  expect(await agi.textInput('upper')).toBe('Hi,Y');
});

import { expect, it } from 'vitest';
import { simulatedCall } from '../support/simulated-call';

const sounds = { hello: 1000, one: 1000, two: 1000, beep: 100 };

it('plays while the buffer is empty, and adds the key that is pressed', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  const buffer = { digits: '' };
  expect(await agi.fastpassStreamFile(buffer, 'hello', '12')).toEqual({ digit: undefined, endpos: 8000 });
  at(100, () => asterisk.press('1'));
  expect(await agi.fastpassSayDigits(buffer, '123', '12')).toBe('1');
  expect(buffer.digits).toBe('1');
});

it('plays nothing where the buffer ends with an escape digit, or none was asked for', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  const buffer = { digits: '51' };
  expect(await agi.fastpassSayNumber(buffer, 1, '12')).toBe('1');
  expect(await agi.fastpassSayPhonetic(buffer, 'x')).toBe('1');
  expect(await agi.fastpassSayTime(buffer, new Date(0), '1')).toBe('1');
  expect(await agi.fastpassStreamFile(buffer, 'hello')).toEqual({ digit: '1', endpos: 0 });
  for (const speak of ['fastpassText2wav', 'fastpassSwift', 'fastpassSay', 'fastpassSayPunctuation'] as const) {
    expect(await agi[speak](buffer, 'text', '1')).toEqual({ digit: '1', endpos: 0 });
  }
  expect(asterisk.commands).toEqual([]);
});

it('plays where the last key is none of the escape digits', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  expect(await agi.fastpassSayDigits({ digits: '5' }, '1', '12')).toBeUndefined();
  expect(asterisk.commands).toEqual(['SAY DIGITS "1" "12"']);
});

it('reads data from the buffer first, and only what is missing from the caller', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  expect(await agi.fastpassGetData({ digits: '1234' }, 'hello', 1000, 4)).toEqual({ digits: '1234', timedOut: false });
  expect(asterisk.commands).toEqual([]);
  at(100, () => asterisk.press('3'));
  at(200, () => asterisk.press('#'));
  const buffer = { digits: '12' };
  expect(await agi.fastpassGetData(buffer, 'hello', 1000, 4)).toEqual({ digits: '123', timedOut: false });
  expect(buffer.digits).toBe('123');
  expect(await agi.fastpassGetData(buffer, 'hello', 1000)).toEqual({ digits: '123', timedOut: true });
  expect(asterisk.commands).not.toContain('GET DATA');
  at(100, () => asterisk.press('98'));
  expect(await agi.fastpassGetData({ digits: '' }, 'hello', 1000, 2)).toEqual({ digits: '98', timedOut: false });
});

it('passes through menus', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  const buffer = { digits: '2' };
  expect(await agi.fastpassMenu(buffer, { 1: 'one', 2: 'two' })).toBe('2');
  expect(asterisk.commands).toEqual([]);
  buffer.digits = '';
  at(1500, () => asterisk.press('1'));
  expect(await agi.fastpassMenu(buffer, [['1', 'one'], ['2', 'two']])).toBe('1'); // prettier-ignore
  expect(buffer.digits).toBe('1');
});

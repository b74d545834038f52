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
  expect(buffer.digits).toBe('');
  expect(asterisk.commands.filter((line) => line.startsWith('GET DATA'))).toEqual([]);
  at(100, () => asterisk.press('98'));
  expect(await agi.fastpassGetData({ digits: '' }, 'hello', 1000, 2)).toEqual({ digits: '98', timedOut: false });
});

it('takes what it reads out of the buffer, and leaves what it does not need', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  const buffer = { digits: '12345#9' };
  expect(await agi.fastpassGetData(buffer, 'hello', 1000, 3)).toEqual({ digits: '123', timedOut: false });
  expect(buffer.digits).toBe('45#9');
  expect(await agi.fastpassGetData(buffer, 'hello', 1000, 3)).toEqual({ digits: '45', timedOut: false });
  expect(buffer.digits).toBe('9');
  expect(await agi.fastpassGetData(buffer, 'hello', 1000)).toEqual({ digits: '9', timedOut: true });
  expect(asterisk.commands).toEqual(['WAIT FOR DIGIT 1000']);
});

it('passes through menus', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  const buffer = { digits: '2' };
  expect(await agi.fastpassMenu(buffer, { 1: 'one', 2: 'two' })).toBe('2');
  expect(asterisk.commands).toEqual([]);
  buffer.digits = '';
  at(1500, () => asterisk.press('1'));
  expect(await agi.fastpassMenu(buffer, [['1', 'one'], ['2', 'two']])).toBe('1'); // prettier-ignore
  expect(buffer.digits).toBe('');
});

it('a choice takes its key, so that it does not choose in the next menu too', async () => {
  const first = { 1: 'one', 2: 'two', 0: 'beep' };
  const second = [['1', 'one'], ['2', 'two'], ['*', 'beep']] as const; // prettier-ignore
  for (const at of ['before', 'in the first prompt', 'in the buffer']) {
    const call = simulatedCall({ sounds });
    const buffer = { digits: at === 'in the buffer' ? '21' : '' };
    if (at === 'before') call.asterisk.press('21');
    if (at === 'in the first prompt') call.at(200, () => call.asterisk.press('21'));
    const chosen: ('0' | '1' | '2' | undefined)[] = [await call.agi.fastpassMenu(buffer, first)];
    const further: '1' | '2' | '*' | undefined = await call.agi.fastpassMenu(buffer, second);
    expect([...chosen, further]).toEqual(['2', '1']);
    expect(buffer.digits).toBe('');
    const plain = simulatedCall({ sounds });
    plain.asterisk.press('21');
    expect([await plain.agi.menu(first), await plain.agi.menu(second)]).toEqual(['2', '1']);
  }
});

it('takes keys of the buffer that choose nothing out of it, too', async () => {
  const { agi, asterisk } = simulatedCall({ sounds });
  const buffer = { digits: '982' };
  expect(await agi.fastpassMenu(buffer, { 1: 'one', 2: 'two' })).toBe('2');
  buffer.digits = '98';
  asterisk.press('1');
  expect(await agi.fastpassMenu(buffer, { 1: 'one', 2: 'two' })).toBe('1');
  expect(asterisk.commands).toEqual(['STREAM FILE "one" "12"']);
  expect(buffer.digits).toBe('');
});

it('takes a key that was pressed in a prompt for the choice of the menu behind it', async () => {
  const { agi, asterisk, at } = simulatedCall({ sounds });
  const buffer = { digits: '' };
  at(100, () => asterisk.press('21'));
  await agi.fastpassStreamFile(buffer, 'hello', '12');
  expect(await agi.fastpassMenu(buffer, { 1: 'one', 2: 'two' })).toBe('2');
  expect(await agi.fastpassMenu(buffer, { 1: 'two', 2: 'one' })).toBe('1');
  expect(asterisk.commands).toEqual(['STREAM FILE "hello" "12"', 'STREAM FILE "two" "12"']);
});

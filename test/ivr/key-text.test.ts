import { expect, it } from 'vitest';
import { textMode, typeKeys, type TextMode } from '../../src/ivr/key-text';
import { spelled } from '../../src/ivr/punctuation';

const typed = (keys: string, mode: TextMode = 'numeric', text = '') => {
  const state = { text, mode };
  typeKeys(keys, state);
  return state;
};

it.each([
  ['12', 'numeric', '12'],
  ['1*2', 'numeric', '12'],
  ['2*22*222*2222', 'upper', 'ABC2'],
  ['7777*9999*77777*99999', 'upper', 'SZ79'],
  ['0*00*000*0000*00000', 'upper', ' ,.?0'],
  ['1*11*111*1111*11111', 'upper', '!:;#1'],
  ['44*33*555', 'lower', 'hel'],
  ['1*11*111*1111*11111', 'symbol', '<([{1'],
  ['2*22*222*2222*22222', 'symbol', '@$&%2'],
  ['4*44*444*4444*44444', 'symbol', '+-*/4'],
  ['5*55*555*6*66*7*77', 'symbol', '\'`5"6^7'],
  ['8*88*888*9*99*999*0', 'symbol', '\\|8_~9='],
  ['23*222222*2', 'upper', 'A'],
] as const)('%s in the mode %s is %j', (keys, mode, text) => {
  expect(typed(keys, mode).text).toBe(text);
});

it('switches modes behind an empty code, and takes back characters and words', () => {
  expect(typed('**844**5444*00*0*44').text).toBe('Hi, h');
  expect(typed('**8*44').text).toBe('H');
  expect(typed('12**612', 'upper').text).toBe('12');
  expect(typed('**77').mode).toBe('symbol');
  expect(typed('**2', 'upper', 'AB').text).toBe('A');
  expect(typed('**2', 'upper', '').text).toBe('');
  expect(typed('**9', 'upper', 'AB CD').text).toBe('AB');
  expect(typed('**92', 'upper', 'AB CD').text).toBe('ABA');
  expect(typed('**9', 'upper', 'AB').text).toBe('');
  expect(typed('**3', 'upper', 'AB').text).toBe('AB');
});

it('spells signs by their names', () => {
  expect(spelled('a b?')).toBe('a, space, b, question mark');
  expect(spelled('~\\"')).toBe('tilde, back slash, quote');
  expect(spelled('grün')).toBe('g, r, ü, n');
});

it.each([
  ['numeric', 'numeric'],
  ['NUMERIC', 'numeric'],
  ['upper', 'upper'],
  ['UPPERCASE', 'upper'],
  ['LOWERCASE', 'lower'],
  ['SYMBOL', 'symbol'],
])('takes %s for a mode', (name, mode) => expect(textMode(name)).toBe(mode));

it.each(['letters', '', undefined, null, 5, {}])('takes no %j for a mode', (name) => {
  expect(() => textMode(name)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'FASTAGI_TEXT_MODE' }));
});

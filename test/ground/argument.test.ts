import { describe, expect, it } from 'vitest';
import { checkedFlag, checkedOptions, isFinite, textOf, wrongType } from '../../src/ground/argument';

it.each([
  [0, true],
  [-1.5, true],
  [NaN, false],
  [Infinity, false],
  ['5', false],
  [undefined, false],
  [5n, false],
])('a number that can be sent: %s', (value, isOne) => {
  expect(isFinite(value)).toBe(isOne);
});

describe('text of ours', () => {
  it.each([
    ['', ''],
    ['x', 'x'],
    [0, '0'],
    [-2.5, '-2.5'],
  ])('holds %j', (value, text) => {
    expect(textOf(value, 'say', 'text')).toBe(text);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [true, 'boolean'],
    [{}, 'object'],
    [[], 'an array'],
    [() => 1, 'function'],
    [Symbol('x'), 'symbol'],
  ])('does not hold %s', (value, is) => {
    expect(() => textOf(value, 'say', 'text')).toThrow(
      expect.objectContaining({ code: 'FASTAGI_ARGUMENT_TYPE', message: `say: text is ${is}; it must be text or a finite number` }),
    );
  });
});

it('options are an object or nothing', () => {
  const options = { a: 1 };
  expect(checkedOptions(options, 'menu')).toBe(options);
  expect(checkedOptions(undefined, 'menu')).toBeUndefined();
  for (const [wrong, is] of [
    [null, 'null'],
    ['x', 'string'],
    [5, '5'],
  ] as const)
    expect(() => checkedOptions(wrong as never, 'menu')).toThrow(`menu: options is ${is}; it must be an object`);
});

it('a flag is true or false', () => {
  expect(checkedFlag(true, 'record', 'beep')).toBe(true);
  expect(checkedFlag(false, 'record', 'beep')).toBe(false);
  for (const wrong of ['off', 0, undefined, null])
    expect(() => checkedFlag(wrong as never, 'record', 'beep')).toThrow(/^record: beep is .*; it must be true or false$/);
});

it('what is wanted is said', () => {
  expect(wrongType('x', 'a', 'b', 'a digit').message).toBe('a: b is string; it must be a digit');
});

import { expect, it } from 'vitest';
import { hideNumbers } from '../../src/ground/numbers';
import { createSecrets, standInOf } from '../../src/ground/secrets';

it('shows the same value by the same mark, which looks like the value', () => {
  const secrets = createSecrets();
  secrets.add('4711');
  secrets.add('swordfish');
  const [pin, word] = [secrets.markOf('4711'), secrets.markOf('swordfish')];
  expect([pin, word]).toEqual([expect.stringMatching(/^<secret \d{4}>$/), expect.stringMatching(/^<secret [a-z]{9}>$/)]);
  expect(pin).not.toContain('4711');
  expect(secrets.hide('4711, swordfish and 4711')).toBe(`${pin}, ${word} and ${pin}`);
});

it('hides the longest of several that begin alike, and leaves short ones in texts', () => {
  const secrets = createSecrets();
  for (const value of ['1234', '123456', '7']) secrets.add(value);
  expect(secrets.hide('1234567')).toBe(`${secrets.markOf('123456')}7`);
  expect(secrets.markOf('7')).toMatch(/^<secret \d>$/);
});

it('hides what keys come to that were read one by one, and # ends them', () => {
  const secrets = createSecrets();
  for (const key of '4711#0815') secrets.addKey(key);
  const ofKeys = (keys: string): string => [...keys].map((key) => standInOf(secrets.markOf(key))).join('');
  expect(secrets.hide('4711/0815/47110815')).toBe(
    `<secret ${ofKeys('4711')}>/<secret ${ofKeys('0815')}>/<secret ${ofKeys('4711')}><secret ${ofKeys('0815')}>`,
  );
  expect(secrets.hide('#')).toBe('#');
});

it('asks for the settings only if something is shown, and once', () => {
  let asked = 0;
  const secrets = createSecrets(() => ((asked += 1), ['hunter2']));
  secrets.add('4711');
  expect(asked).toBe(0);
  expect(secrets.hide('hunter2')).toBe(secrets.markOf('hunter2'));
  secrets.hide('hunter2');
  expect(asked).toBe(1);
});

it.each([
  ['full', 'from 004930123456 to 101', 'from 004930123456 to 101'],
  ['last3', 'from 004930123456, +4930123456 to 101', 'from 00...456, +...456 to 101'],
] as const)('shows numbers %s', (style, text, shown) => {
  const secrets = createSecrets();
  hideNumbers(secrets, ['+4930123456', '101', undefined, 'Ann'], style);
  expect(secrets.hide(text)).toBe(shown);
});

it('hashes the same number to the same, and another to another', () => {
  const shown = (number: string): string => {
    const secrets = createSecrets();
    hideNumbers(secrets, [number], 'hashed');
    return secrets.hide(number);
  };
  expect(shown('4930123456')).toMatch(/^#[0-9a-f]{10}$/);
  expect(shown('4930123456')).toBe(shown('+4930123456').slice(1));
  expect(shown('4930123456')).not.toBe(shown('4930123457'));
});

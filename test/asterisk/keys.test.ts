import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

const anyNumber = expect.any(Number) as number;

/** What a script gets from a caller who presses 5 again and again. */
const pressed: [call: string, value: unknown][] = [
  ["agi.streamFile('demo-congrats', '15')", { digit: '5', endpos: anyNumber }],
  ["agi.controlStreamFile('demo-congrats', '5')", { digit: '5', endpos: anyNumber }],
  ["agi.getOption('demo-congrats', '5', 5000)", { digit: '5', endpos: anyNumber }],
  ["agi.getData('demo-congrats', 5000, 2)", { digits: '55', timedOut: false }],
  ["agi.getData('silence/1', 200, 9)", { digits: expect.stringMatching(/^5+$/) as string, timedOut: true }],
  ['agi.waitForDigit(5000)', '5'],
  ["agi.recordFile('/tmp/keys', 'gsm', '5', 10000)", { reason: 'dtmf', digit: '5', endpos: anyNumber }],
  ["agi.sayDigits('12345678901234567890', '5')", '5'],
  ["agi.sayNumber(123456789, '5')", '5'],
  ["agi.sayAlpha('abcdefghijklmnop', '5')", '5'],
  ["agi.sayPhonetic('abcdefghijklmnop', '5')", '5'],
  ["agi.sayDateTime(new Date(0), '5')", '5'],
  ["agi.streamFile('beep', '1')", { digit: null, endpos: 3520 }],
];

describeWithXinetd('keys that the caller presses', () => {
  const server = useServer();
  const asterisk = useAsterisk(() => dialplanFor(server));

  test('end what can be ended, and are given as keys', async () => {
    const calls = pressed.map(([call]) => call);
    expect(await runInCall(asterisk, server, 'each.js', { name: 'pressing', given: calls, caller: 'press5' })).toEqual(pressed);
  });

  test.each([
    ['stars', '1*2#', { digits: '1*2', timedOut: false }],
    ['hashes', '#', { digits: '', timedOut: false }],
  ])('a number that ends with #: %s', async (name, keys, expected) => {
    const given = "agi.getData('demo-congrats', 5000)";
    expect(await runInCall(asterisk, server, 'call.js', { name, given, caller: `keys${keys}` })).toEqual(expected);
  });

  test.each([
    ['no options', '{}', '###7', 20_000],
    ['a skip', '{ skip: 20000 }', '###7', 10_000],
    ['a place to begin', '{ skip: 20000, offset: 5000 }', '###7', 10_000],
    ['back', '{ skip: 20000, offset: 5000 }', '***7', 0],
    ['other keys', "{ skip: 20000, forward: '6', rewind: '4' }", '6667', 10_000],
    ['other keys for one way', "{ skip: 20000, rewind: '4' }", '###7', 10_000],
  ])('wind a file forward and back: %s', async (what, options, keys, least) => {
    const name = `winds${what.replaceAll(' ', '')}`;
    const given = `agi.controlStreamFile('demo-congrats', '7', ${options})`;
    const { digit, endpos } = (await runInCall(asterisk, server, 'call.js', { name, given, caller: `keys${keys}` })) as {
      digit: string;
      endpos: number;
    };
    expect(digit).toBe('7');
    if (least === 0) expect(endpos).toBeLessThan(2000);
    else expect(endpos).toBeGreaterThan(Math.min(least, 9000));
  });

  test('the star and the hash are keys like others', async () => {
    expect(await runInCall(asterisk, server, 'keys/signs.js', { caller: 'keys*#' })).toEqual(['*', '#']);
  });
});

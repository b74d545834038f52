import { expect, it } from 'vitest';
import { namedFacts, parseScenario, ScenarioError } from '../../src/testing/scenario';

it('is read line by line', () => {
  const { steps, given, expected } = parseScenario(`
    # A caller with a wrong PIN.
    given LIMIT = 3
    given database pins/100=4711

    hears enter-pin
    presses 1234#
    waits 2.5
    hears digits 12
    hangs up
    expects RESULT=a = b
    expects database pins/last=
    expects CDR(accountcode)=12
  `);
  expect(steps).toEqual([
    { kind: 'hears', prompt: 'enter-pin' },
    { kind: 'presses', keys: '1234#' },
    { kind: 'waits', seconds: 2.5 },
    { kind: 'hears', prompt: 'digits 12' },
    { kind: 'hangsUp' },
  ]);
  expect([namedFacts(given, 'variable'), namedFacts(given, 'database')]).toEqual([{ LIMIT: '3' }, { 'pins/100': '4711' }]);
  expect(namedFacts(expected, 'variable')).toEqual({ RESULT: 'a = b', 'CDR(accountcode)': '12' });
  expect(namedFacts(expected, 'database')).toEqual({ 'pins/last': '' });
});

it.each([
  ['presses', '"presses" is none of'],
  ['presses x', '"presses x" is none of'],
  ['waits long', '"waits long" is none of'],
  ['hears', '"hears" is none of'],
  ['hangs up now', '"hangs up now" is none of'],
  ['says hello', '"says hello" is none of'],
  ['expects 1111', 'write expects NAME=value'],
  ['given database x', 'write given NAME=value'],
])('refuses %s, and names the line', (line, why) => {
  const parse = () => parseScenario(`hears a\n${line}\n`); // prettier-ignore
  expect(parse).toThrow(ScenarioError);
  expect(parse).toThrow(`line 2 of the scenario: ${why}`);
});

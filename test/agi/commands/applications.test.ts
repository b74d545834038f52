import { expect, it } from 'vitest';
import { simulatedCall } from '../../support/simulated-call';
import type { Agi } from '../../../src/call/agi';

it.each<[string, (agi: Agi) => Promise<unknown>, string[]]>([
  ['setGlobalVariable', (agi) => agi.setGlobalVariable('A', 'b'), ['SET VARIABLE "GLOBAL(A)" "b"']],
  ['execDial', (agi) => agi.execDial('PJSIP', '100', 30, 'tT'), ['EXEC "Dial" "PJSIP/100,30,tT"', 'GET FULL VARIABLE']],
  ['execDial, plain', (agi) => agi.execDial('PJSIP', '100'), ['EXEC "Dial" "PJSIP/100"', 'GET FULL VARIABLE']],
  ['execDial, several', (agi) => agi.execDial('PJSIP', ['100', '200'], 30), ['EXEC "Dial" "PJSIP/100&PJSIP/200,30"', 'GET FULL VARIABLE']],
  ['execGoto', (agi) => agi.execGoto('context', 's', 1), ['EXEC "Goto" "context,s,1"']],
  ['execGoto, a priority', (agi) => agi.execGoto(3), ['EXEC "Goto" "3"']],
  ['execAgi', (agi) => agi.execAgi('other.agi', 'one', 2), ['EXEC "AGI" "other.agi,one,2"', 'GET FULL VARIABLE']],
  ['execAbsoluteTimeout', (agi) => agi.execAbsoluteTimeout(60), ['SET AUTOHANGUP 60']],
  ['execSetLanguage', (agi) => agi.execSetLanguage('de'), ['SET VARIABLE "CHANNEL(language)" "de"']],
  ['goto', (agi) => agi.goto('context'), ['SET CONTEXT "context"', 'SET EXTENSION "s"', 'SET PRIORITY 1']],
  ['conlog, not in debug mode', (agi) => agi.conlog('said'), []],
])('%s', async (_name, run, lines) => {
  const { agi, asterisk } = simulatedCall({ applications: { Dial: () => 0, AGI: () => 0 } });
  await run(agi);
  expect(asterisk.commands.filter((line) => !line.startsWith('GET FULL VARIABLE "fastagi'))).toEqual(
    lines.filter((line) => !line.startsWith('GET FULL')),
  );
});

it.each([
  ['PJSIP', '100&PJSIP/0900123@trunk'],
  ['PJSIP', ['100', '200&PJSIP/0900123@trunk']],
  ['PJSIP/1&PJSIP', '100'],
  ['PJSIP', []],
])('no text names a second destination: %j %j', async (technology, resource) => {
  const { agi, asterisk } = simulatedCall({ applications: { Dial: () => 0 } });
  await expect(agi.execDial(technology, resource)).rejects.toMatchObject({ name: 'UsageError', code: 'FASTAGI_ARGUMENT_DIAL' });
  expect(asterisk.commands).toEqual([]);
});

it('looks numbers up by ENUM', async () => {
  const { agi } = simulatedCall({ functions: { ENUMLOOKUP: (number) => (number === '+49' ? 'sip:u@h' : '') } });
  expect(await agi.execEnumLookup('+49')).toBe('sip:u@h');
  expect(await agi.execEnumLookup('+1')).toBeUndefined();
});

it('shows messages on the console in debug mode', async () => {
  const { agi, asterisk } = simulatedCall({}, { phpagi: { debug: 'true' } });
  await agi.conlog('said', 2);
  expect(asterisk.channel.console).toEqual(['said']);
});

it("parses the caller's own id unless one is given", () => {
  const { agi } = simulatedCall({}, {}, { agi_callerid: '"A" <100>' });
  expect(agi.parseCallerId()).toMatchObject({ name: 'A', username: '100' });
  expect(agi.parseCallerId('200')).toMatchObject({ name: '', username: '200' });
});

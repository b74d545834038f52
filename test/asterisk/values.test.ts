import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { useAsterisk, version } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

/** In bytes: what a line of this Asterisk carries besides the command. */
const longest = version === 16 ? 1900 : 8000;

/** Values that a script stores and reads again. */
const values: Record<string, string> = {
  empty: '',
  blank: ' ',
  blanks: '  in front and behind  ',
  tab: 'a\tb',
  quote: 'say "hello"',
  'one quote': '"',
  backslash: 'C:\\new\\table',
  'trailing backslash': 'end\\',
  'backslash and quote': '\\"',
  brackets: '(round) [square] {curly} ) (',
  'a closing bracket': ')',
  commas: 'a,b;c|d&e^f',
  expression: '${EXTEN} $[1 + 1] ${SHELL(id)}',
  accents: 'Žluťoučký kůň, naïve façade',
  'other scripts': '日本語 العربية Ελληνικά',
  emoji: '📞 call',
  controls: 'bell \x07 escape \x1b delete \x7f',
  reply: '200 result=0',
  'reply with a value': '200 result=1 (other)',
  error: '510 Invalid or unknown command',
  hangup: 'HANGUP',
  reason: 'timeout',
  'almost a line': 'x'.repeat(longest),
  'almost a line of two-byte letters': 'é'.repeat(longest / 2),
  'almost a line with brackets': '()'.repeat(longest / 2),
};

/** Values that only the dialplan can make. */
const lines: Record<string, Buffer> = {
  LINES: Buffer.from('one\ntwo\n\nfour\n'),
  REPLIES: Buffer.from('a)\n200 result=0\n510 Invalid or unknown command\nHANGUP\n520-x\n520 y\n200 result=1 (b)'),
  NEWLINE: Buffer.from('\n'),
  RETURNS: Buffer.from('one\r\ntwo\r'),
  LATIN: Buffer.from([0x47, 0xfc, 0x6e, 0x74, 0x65, 0x72, 0xff, 0xfe]),
};

/** What a script must never be able to send; `FILE` is created where it does come through. */
const refused: string[] = [
  "agi.setVariable('A', 'b\\nEXEC System \"touch FILE\"')",
  "agi.setVariable('A\\nEXEC System \"touch FILE\"', 'b')",
  "agi.setVariable('A', 'b\\rEXEC System \"touch FILE\"')",
  "agi.setVariable('A', 'b\\0')",
  "agi.exec('NoOp\\nEXEC System', 'touch FILE')",
  "agi.exec('NoOp', 'x\\nEXEC System \"touch FILE\"')",
  "agi.exec('NoOp', ['x', 'y\\nEXEC System \"touch FILE\"'])",
  "agi.databasePut('injection', 'key', 'x\\nEXEC System \"touch FILE\"')",
  'agi.streamFile(\'beep\\nEXEC System "touch FILE"\')',
  'agi.evaluate(\'NOOP\\nEXEC System "touch FILE"\')',
  "agi.getVariable('A}${SHELL(touch FILE)')",
  "agi.getVariable('${SHELL(touch FILE)}')",
  "agi.setVariable('A', 'x'.repeat(8300))",
  "agi.setVariable('A', 'é'.repeat(4100))",
  "agi.setVariable('A', 'x'.repeat(8191 - 'SET VARIABLE \"A\" \"\"'.length) + 'EXEC System \"touch FILE\"')",
];

/** What may be sent, and must stay the text that it is. */
const harmless: string[] = [
  "agi.setVariable('A', '\" EXEC System \"touch FILE')",
  "agi.setVariable('A', '\\\\\" EXEC System \"touch FILE')",
  "agi.setVariable('A', '${SHELL(touch FILE)}')",
  'agi.verbose(\'x\\nEXEC System "touch FILE"\')',
  "agi.exec('NoOp', ['${SHELL(touch FILE)}'])",
  "agi.databaseGet('injection', '${SHELL(touch FILE)}')",
  'agi.setCallerId(\'"x" EXEC System "touch FILE" <1>\')',
];

describeWithXinetd('values', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `${dialplanFor(server)}
[lines]
exten => latin,1,Answer()
 same => n,Set(CALLERID(name)=\${BASE64_DECODE(${lines['LATIN']?.toString('base64')})})
 same => n,Goto(default,\${EXTEN},1)
exten => _[a-z].,1,Answer()
${Object.entries(lines)
  .map(
    ([name, value]) =>
      ` same => n,Set(${name}=\${BASE64_DECODE(${value.toString('base64')})})\n same => n,Set(DB(lines/${name})=\${${name}})`,
  )
  .join('\n')}
 same => n,Goto(default,\${EXTEN},1)
`,
  );

  test.each([
    ['a channel variable', 'variables', "agi.setVariable('VALUE', value)", "agi.getVariable('VALUE')"],
    ['a template', 'templates', "agi.setVariable('VALUE', value)", "agi.getFullVariable('<${VALUE}>')"],
    ['the database', 'database', "agi.databasePut('values', name, value)", "agi.databaseGet('values', name)"],
  ])('come back from %s to the byte', async (_, script, store, read) => {
    const expected =
      script === 'templates' ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `<${value}>`])) : values;
    expect(await runInCall(asterisk, server, 'values/round-trip.js', { name: script, given: { store, read, values } })).toEqual(expected);
  });

  test('of many lines, or of bytes that are not UTF-8, are read exactly, and what follows is in step', async () => {
    // A byte that is no UTF-8 is half a character, from which the byte can be told again.
    const text = (value: Buffer) => (isUtf8(value) ? value.toString() : 'G\udcfcnter\udcff\udcfe');
    const expected = Object.entries(lines).map(([name, value]) => [name, [text(value), `<${text(value)}>`, text(value), name, false]]);
    server.use('values/lines.js', { given: Object.keys(lines) });
    await asterisk.originate('lines@lines');
    expect(await server.result('lines')).toEqual(Object.fromEntries(expected));
  });

  test('of bytes that are not UTF-8 go back as the same bytes', async () => {
    expect(await runInCall(asterisk, server, 'values/bytes.js')).toBe(lines['LATIN']?.toString('base64'));
  });

  test("a caller's name in Latin-1 is readable text in the request, and goes back as it came", async () => {
    server.use('values/latin.js');
    await asterisk.originate('latin@lines');
    expect(await server.result('latin')).toEqual(['G%C3%BCnter%C3%BF%C3%BE', lines['LATIN']?.toString('base64')]);
  });

  test('a function runs once, also where it gives nothing', async () => {
    const file = `${asterisk.run}/out/runs`;
    expect(await runInCall(asterisk, server, 'values/once.js', { given: file })).toEqual(['', 'run\n', '0', '', null]);
  });

  test('cannot carry a command', async () => {
    const file = `${asterisk.run}/out/injected`;
    const calls = [...refused, ...harmless].map((call) => call.replace('FILE', file));
    const results = (await runInCall(asterisk, server, 'each.js', { name: 'injection', given: calls })) as [
      string,
      { error?: string } | null,
    ][];
    const outcomes = results.map(([call, value]) => [call, value?.error ?? 'done']);
    expect(outcomes).toEqual(calls.map((call, index) => [call, index < refused.length ? 'UsageError' : 'done']));
    await asterisk.idle();
    expect(existsSync(file)).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall, scriptSource } from './support/scripts';

/** What a call file can carry, to the byte. */
const values: Record<string, string> = {
  PLAIN: 'plain',
  SEMICOLON: 'a;b',
  SEMICOLONS: ';;a;;b;',
  ESCAPED: 'a\\;b',
  ESCAPES: '\\\\;\\;x\\',
  HASH: 'room#5',
  FIRST: '#5 x',
  BLANKS: 'a  b\tc',
  INDENTED: '  a',
  QUOTES: `say "yes", it's`,
  SIGNS: 'a:b=c&d|e,f(g)[h]{i}<j>',
  EXPRESSION: '${EXTEN} $[1 + 1]',
  LETTERS: 'Žluťoučký 📞',
  BYTES: 'G\udcfcnter',
  EMPTY: '',
  LONG: 'x'.repeat(1022 - 'Setvar: LONG='.length),
};

describeWithXinetd('call files', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `${dialplanFor(server)}
[answering]
exten => waits,1,Answer()
 same => n,Wait(60)
`,
  );

  test('carry every value to the byte', async () => {
    const read = Object.keys(values).map((name) => `    ${name}: await agi.getVariable('${name}') ?? '',\n`);
    server.script(
      'arrives.js',
      scriptSource(
        `leave('arrived', {\n${read.join('')}    account: agi.request.agi_accountcode, name: agi.request.agi_calleridname,\n  });`,
        server.out,
      ),
    );
    const body = `const { callFile } = await import('fastagi');
  callFile({ channel: 'Local/waits@answering/n', context: 'default', extension: 'arrives', account: '#5;x\\\\;y', callerId: '"#; A" <100>',
    spool: '${asterisk.run}/spool/outgoing', variables: ${JSON.stringify(values)} });
  leave('dials', true);`;
    await runInCall(asterisk, server, 'dials', body);
    expect(await server.result('arrived')).toEqual({ ...values, account: '#5;x\\;y', name: '#; A' });
  });
});

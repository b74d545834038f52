import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

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
    server.use('call-files/arrives.js', { given: Object.keys(values) });
    await runInCall(asterisk, server, 'call-files/dials.js', { given: { spool: `${asterisk.run}/spool/outgoing`, variables: values } });
    expect(await server.result('arrives')).toEqual({ ...values, account: '#5;x\\;y', name: '#; A' });
  });
});

import { expect, it } from 'vitest';
import { parseIni } from '../../src/config/parse-ini';
import { parseSettings } from '../../src/config/parse-settings';
import { secretValues } from '../../src/config/secrets';

it('finds what is secret in a file, the passwords of addresses too, and not what everybody knows', () => {
  const text = `[phpagi]
smtp = smtp://me:p%40ss%2Fword@mail.example.org
admin = me@example.org
[asmanager]
secret = phpagi
[mine]
api_key = k3y
dsn = mysql://web:hunter2@db/x
password =
name = nobody
`;
  expect(secretValues(parseSettings(parseIni(text, 'phpagi.conf')))).toEqual([
    'smtp://me:p%40ss%2Fword@mail.example.org',
    'p%40ss%2Fword',
    'p@ss/word',
    'k3y',
    'mysql://web:hunter2@db/x',
    'hunter2',
    'hunter2',
  ]);
});

it.each([
  ['100%', ['100%', '100%']],
  ['p%C3%A4%', ['p%C3%A4%', 'pä%']],
  ['%zz%41', ['%zz%41', '%zzA']],
  ['%FF', ['%FF', String.fromCharCode(0xdcff)]],
])('a %% that stands for itself, or for no text, keeps no password from being found: %s', (password, found) => {
  const { sections } = parseIni(`[phpagi]\nsmtp = smtp://me:${password}@mail.example.org\n`, 'phpagi.conf');
  expect(secretValues({ ...parseSettings(parseIni('', '')), sections }).slice(1)).toEqual(found);
});

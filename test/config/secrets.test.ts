import { describe, expect, it } from 'vitest';
import { parseIni } from '../../src/config/parse-ini';
import { parseSettings } from '../../src/config/parse-settings';
import { hasSecrets, holdsPassword, withholdSecrets } from '../../src/config/secrets';

const read = (text: string) => parseSettings(parseIni(text, 'phpagi.conf'));

it.each([
  ['smtp://me:hunter2@host:25', true],
  ['smtp://host:25', false],
  ['', false],
  [undefined, false],
])('an address with a password is known: %s', (text, holds) => {
  expect(holdsPassword(text)).toBe(holds);
});

it.each([
  ['no file at all', '', false],
  ['no secret', '[fastagi]\nbasedir = /x\n[mine]\nurl = http://host/\n', false],
  ['a secret', '[asmanager]\nsecret = hunter2\n', true],
  ['a secret without a value', '[asmanager]\nsecret =\n[mine]\npassword = ""\n', false],
  ["a secret in a section of one's own", '[mine]\nname = x\ndb_password = hunter2\n', true],
  ['a password in an address', '[phpagi]\nsmtp = smtp://me:hunter2@host/\n', true],
])('knows whether a file holds secrets: %s', (_what, text, holds) => {
  expect(hasSecrets(read(text))).toBe(holds);
});

describe('withheld secrets', () => {
  it('are gone from settings and sections, and everything else is as it was', () => {
    const before = read(
      '[phpagi]\nadmin = me\nsmtp = smtp://me:hunter1@host/\n[asmanager]\nserver = pbx\nsecret = hunter2\n' +
        '[mine]\nname = x\ntoken = hunter3\nempty_password =\n',
    );
    const settings = structuredClone(before);
    withholdSecrets(settings);
    expect(settings).toEqual({
      ...before,
      withheld: true,
      phpagi: { ...before.phpagi, smtp: '' },
      asmanager: { ...before.asmanager, secret: '' },
      sections: { phpagi: { admin: 'me' }, asmanager: { server: 'pbx' }, mine: { name: 'x', empty_password: '' } },
    });
    expect(JSON.stringify(settings)).not.toContain('hunter');
  });

  it('are not what nobody has to hide: the default secret, and a server without a password', () => {
    const settings = read('[phpagi]\nsmtp = smtp://host/\n');
    withholdSecrets(settings);
    expect(settings).toMatchObject({ asmanager: { secret: 'phpagi' }, phpagi: { smtp: 'smtp://host/' } });
    withholdSecrets(Object.assign(settings, read('[asmanager]\nsecret =\n')));
    expect(settings.asmanager.secret).toBe('phpagi');
  });
});

import { describe, expect, it } from 'vitest';
import { isSecretName, masked, maskedText } from '../../src/ground/masking';

const secretNames = ['password', 'PASSWORD', 'db_pass', 'smtpPass', 'passwd', 'passphrase', 'secret', 'vmsecret', 'pwd', 'apiKey', 'api_key', 'private-key', 'authToken', 'credentials', 'Authorization', 'pin', 'PIN', 'user_pin', 'userPin', 'pin2']; // prettier-ignore
const plainNames = [
  'secrets_for',
  'secretsFor',
  'passed',
  'passenv',
  'message',
  'spinning',
  'shipping',
  'keys',
  'tempdir',
  'user',
  'opinion',
  'PINE',
];

describe('a name', () => {
  it.each(secretNames)('tells that it is of something secret: %s', (name) => expect(isSecretName(name)).toBe(true));
  it.each(plainNames)('tells of nothing secret: %s', (name) => expect(isSecretName(name)).toBe(false));
});

describe('a text is shown', () => {
  it.each([
    ['user=web,password=pw', 'user=web,password=****'],
    ['a=b,token=t;x=1', 'a=b,token=****;x=1'],
    ['dsn:user=x|pwd=y and more', 'dsn:user=x|pwd=**** and more'],
    ['x==pass=1', 'x==pass=****'],
    ['password=a=b&c=d', 'password=****&c=d'],
    ['https://h/?a=1&password=p&b=2', 'https://h/?a=1&password=****&b=2'],
    ['password= x, name=y', 'password= **** name=y'],
    ['{"user":"web","password":"a \\" b","x":1}', '{"user":"web","password":"****","x":1}'],
    ["{ user: 'web', apiKey: 'k y', x: 1 }", "{ user: 'web', apiKey: '****', x: 1 }"],
    ['[secret] => hunter2', '[secret] => ****'],
    ['Secret: hunter2', 'Secret: ****'],
    ['Authorization: Basic dXNlcjpwYXNz and', 'Authorization: Basic **** and'],
    ['authorization=Bearer abc', 'authorization=Bearer ****'],
    ['mysql --password hunter2 --user web', 'mysql --password **** --user web'],
    ['PIN=1234', 'PIN=****'],
    ['spin=1234 passed: 3', 'spin=1234 passed: 3'],
    ['the password is wrong', 'the password is wrong'],
    ['password=""', 'password=""'],
    ['/etc/passwd: no such file', '/etc/passwd: no such file'],
    ['/login?password:x', '/login?password:****'],
  ])('with nothing after the name of a secret: %s', (text, shown) => expect(maskedText(text)).toBe(shown));

  it.each([
    ['a,smtp://u:p:q@h x=1', 'a,smtp://u:****@h x=1'],
    ['smtp://user@domain:pw@host:25/', 'smtp://user@domain:****@host:25/'],
    ["connect to 'mysql://web:pw@db' failed", "connect to 'mysql://web:****@db' failed"],
    ['http://a:x@y@h/ and ftp://b:z@i', 'http://a:****@h/ and ftp://b:****@i'],
    ['http://a:p/w@h', 'http://a:****@h'],
    ['mysql://web:my pw@db failed', 'mysql://web:****@db failed'],
    ['ws://127.0.0.1:8088, mail admin@example.org', 'ws://127.0.0.1:8088, mail admin@example.org'],
    ['agi://127.0.0.1:4573/x.js?a=1', 'agi://127.0.0.1:4573/x.js?a=1'],
    ['http://[::1]:8088/ws', 'http://[::1]:8088/ws'],
    ['http://user@host/', 'http://user@host/'],
    ['a://b', 'a://b'],
  ])('without the password of an address: %s', (text, shown) => expect(maskedText(text)).toBe(shown));

  it('without the password of any address that URL reads', () => {
    const pieces = ['u', 'us@er', 'd%40e', 'a:b', 'h/x', 'x?y', 'q#r', '1', '22', '$', 'é', '"', "'"];
    let tried = 0;
    for (const scheme of ['smtp', 'http', 'mysql', 'postgres']) {
      for (const user of pieces) {
        for (const password of pieces) {
          const address = `${scheme}://${user}:secret-${password}-word@host:25/path`;
          if (!URL.canParse(address) || new URL(address).password === '') continue;
          tried += 1;
          expect(maskedText(`cannot reach ${address}: refused`)).not.toContain('secret-');
          expect(maskedText(`cannot reach ${address}: refused`)).not.toContain('-word');
        }
      }
    }
    expect(tried).toBeGreaterThan(100);
  });

  it('with what is secret masked in every nesting', () => {
    const shown = masked({ a: [{ b: { db: { password: 'p', url: 'smtp://a@b:p@h' } } }], secrets: ['x'], pin: 0, token: '' });
    expect(shown).toEqual({ a: [{ b: { db: { password: '****', url: 'smtp://a@b:****@h' } } }], secrets: '****', pin: 0, token: '' });
  });
});

import { expect, it } from 'vitest';
import { mailOf as mailOn, textOf, type FailedCall } from '../../../src/call/mail/text';
import { outcomeOf } from '../../../src/call/outcome';
import { ScriptError } from '../../../src/ground/errors';
import { requestOf } from '../../support/request';

const mailOf = (call: FailedCall, at: Parameters<typeof mailOn>[1], basedir: string) => mailOn(call, at, basedir, 'pbx');

const place = { file: '/srv/agi/pay.js', line: 7, around: "> 7 | throw new Error('x')" };

const failed = (error: unknown, more: Partial<FailedCall> = {}): FailedCall => ({
  script: 'pay.js',
  outcome: outcomeOf(error),
  request: requestOf({ agi_channel: 'PJSIP/1', agi_arg_1: 'pin=4711' }),
  exchanges: [{ direction: '>', text: 'SET VARIABLE "PIN" "4711"\n', length: 26 }],
  hide: (text) => text,
  ...more,
});

it('has a subject, a summary, the place, the error, the request and the last lines, without secrets', () => {
  const mail = mailOf(failed(new Error('no card\nin the drawer')), place, '/srv/agi');
  expect(mail.subject).toBe('pay.js/7/Error: no card / in the drawer');
  expect(mail.summary).toBe('FAILURE of pay.js on pbx: Error: no card / in the drawer');
  const order = [
    '/srv/agi/pay.js, line 7:',
    "> 7 | throw new Error('x')",
    'Error: no card',
    'The request:',
    'agi_channel: PJSIP/1',
    'The last lines on the wire',
    '> SET VARIABLE (2 arguments)',
  ];
  const found = order.map((part) => mail.details.indexOf(part));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((one, other) => one - other));
  expect(mail.details).not.toContain('4711');
  expect(mail.details).toMatch(/\n\nThe request:\n\nagi_version: 22\.10\.1\nagi_channel: PJSIP\/1\n/);
});

it('leaves out what is not there', () => {
  const mail = mailOf(
    failed(undefined, { outcome: { status: 'FAILURE', reason: 'lost', error: undefined }, exchanges: [] }),
    undefined,
    '/srv/agi',
  );
  expect(mail.subject).toBe('pay.js/FAILURE: lost');
  expect(mail.details).toMatch(/^The request:\n\n[^]*agi_channel: PJSIP\/1/);
  expect(mail.details).not.toContain('The last lines');
  expect(mailOf(failed(undefined), { ...place, around: '' }, '/srv/agi').details).toMatch(/^\/srv\/agi\/pay\.js, line 7\n\nThe request:/);
});

it('takes errors of the same kind at the same place for the same, and only those', () => {
  const kind = (error: unknown, at: typeof place | undefined = place) => mailOf(failed(error), at, '/srv/agi').kind;
  expect(kind(new Error('one'))).toBe(kind(new Error('two')));
  expect(kind(new Error('one'))).not.toBe(kind(new TypeError('one')));
  expect(kind(new Error('one'))).not.toBe(kind(new Error('one'), { ...place, line: 8 }));
  expect(kind(new Error('one'))).not.toBe(kind(new Error('one'), { ...place, file: '/srv/agi/other.js' }));
  expect(mailOf(failed('text'), undefined, '/srv/agi').kind).toBe('pay.js thrown');
  const coded = (code: string) => new ScriptError(code, 'x', { status: 'FAILURE' });
  expect(kind(coded('A'))).not.toBe(kind(coded('B')));
});

it.each(['NOTFOUND', 'FORBIDDEN'] as const)('takes all that is %s for the same, whatever the script is called', (status) => {
  const kind = (script: string) => mailOf(failed(new ScriptError('X', script, { status }), { script }), undefined, '/').kind;
  expect(kind('a')).toBe(kind('b'));
});

it.each([
  [0, 'summary\n\ndetails\n'],
  [1, 'summary\n\n1 further mail on this error was held back since the last one.\n\ndetails\n'],
  [7, 'summary\n\n7 further mails on this error were held back since the last one.\n\ndetails\n'],
])('says how many were held back: %i', (heldBack, text) => {
  expect(textOf({ kind: '', subject: '', summary: 'summary', details: 'details' }, heldBack)).toBe(text);
});

it('shows what would steer a terminal', () => {
  const mail = mailOf(failed(new Error('\x1b[31m')), undefined, '/');
  expect(mail.details).not.toContain('\x1b');
  expect(mail.summary).not.toContain('\x1b');
});

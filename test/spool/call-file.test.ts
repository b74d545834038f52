import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callFile } from '../../src/spool/call-file';
import { callFileText, type CallFileOptions } from '../../src/spool/call-file-text';

it('says all that a call file can say', () => {
  expect(callFileText({ channel: 'PJSIP/100', context: 'c' })).toBe('Channel: PJSIP/100\nContext: c\nExtension: s\nPriority: 1\n');
  expect(
    callFileText({
      channel: 'Local/1@x', callerId: '"A; B" <1>', maxRetries: 0, retryTime: 60, waitTime: 20, application: 'Playback', data: 'beep', account: 'a',
      codecs: 'alaw', earlyMedia: true, archive: false, variables: { A: '1', 'CHANNEL(language)': 'de' },
    }),
  ).toBe(
    'Channel: Local/1@x\nCallerid: "A\\; B" <1>\nMaxRetries: 0\nRetryTime: 60\nWaitTime: 20\nAccount: a\nCodecs: alaw\nApplication: Playback\nData: beep\n' +
      'Early_media: yes\nArchive: no\nSetvar: A=1\nSetvar: CHANNEL(language)=de\n',
  ); // prettier-ignore
});

it('begins no comment with a value that begins with #', () => {
  expect(callFileText({ channel: '#1', application: '#x', variables: { A: '#5' } })).toBe('Channel:#1\nApplication:#x\nSetvar: A=#5\n');
});

it.each<[string, Partial<CallFileOptions>, RegExp]>([
  ['no channel', { channel: '' }, /channel is missing/],
  ['nothing to do', { context: undefined }, /give one of them/],
  ['two things to do', { application: 'NoOp' }, /give one of them/],
  ['a newline', { callerId: 'x\nApplication: System\nData: rm' }, /callerId holds a newline/],
  ['a newline in a value', { variables: { A: 'x\r\ny' } }, /variables\.A holds a newline/],
  ['no name of a variable', { variables: { 'A=1\nB': 'x' } }, /no name of a variable/],
  ['a comment in a value', { variables: { A: 'room #5 x' } }, /variables\.A holds a # behind a blank/],
  ['a comment behind a tab', { data: 'x\t#y' }, /data holds a # behind a blank/],
  ['a blank at the end', { callerId: 'x ' }, /callerId ends with a blank/],
  ['a control character at the end', { variables: { A: 'x\x01' } }, /variables\.A ends with a blank/],
  ['a blank at the beginning', { account: ' x' }, /account begins with a blank/],
  ['a line that is too long', { variables: { A: 'x'.repeat(1013) } }, /variables\.A makes a line of 1023 bytes/],
  ['one that is too long in bytes', { variables: { A: '\u00fc'.repeat(507) } }, /variables\.A makes a line of 1024 bytes/],
  ['a value that is none', { variables: { A: undefined as never } }, /variables\.A is undefined; it must be text or a finite number/],
  ['null', { callerId: null as never }, /callerId is null/],
  ['a word for a flag', { archive: 'no' as never }, /archive is string; it must be true or false/],
  ['half a second', { waitTime: 0.5 }, /waitTime is 0\.5/],
])('refuses %s', (_what, wrong, why) => {
  expect(() => callFileText({ channel: 'PJSIP/100', context: 'c', ...wrong })).toThrow(why);
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-spool-'));
  mkdirSync(join(dir, 'outgoing'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('writes it whole, for the time given, and leaves nothing else', () => {
  const at = new Date(Date.now() + 3_600_000);
  const path = callFile({ channel: 'PJSIP/100', context: 'c', at, spool: join(dir, 'outgoing/') });
  expect(readFileSync(path, 'utf8')).toContain('Channel: PJSIP/100\n');
  expect(Math.round(statSync(path).mtimeMs)).toBe(at.getTime());
  expect(readdirSync(dir)).toEqual(['outgoing']);
  expect(readdirSync(join(dir, 'outgoing'))).toHaveLength(1);
});

it('says where it cannot be written', () => {
  expect(() => callFile({ channel: 'PJSIP/100', context: 'c', spool: join(dir, 'nowhere/outgoing') })).toThrow(
    /nowhere\/outgoing .*must be there/,
  );
});

it('names the spool and the directory above it', () => {
  expect(() => callFile({ channel: 'PJSIP/100', context: 'c', spool: '/no-such-spool///' })).toThrow(
    / \/no-such-spool and \/ must be there/,
  );
});

const asterisks = '/var/spool/asterisk/outgoing';
// A machine with an Asterisk would make the call.
it.skipIf(existsSync(asterisks))("is meant for Asterisk's spool unless said otherwise", () => {
  expect(() => callFile({ channel: 'PJSIP/100', context: 'c' })).toThrow(`callFile: ${asterisks} and /var/spool/asterisk must be there`);
});

it('can be read and removed by group and owner, and is named by nobody else', () => {
  const [one, two] = [1, 2].map(() => callFile({ channel: 'PJSIP/100', context: 'c', spool: join(dir, 'outgoing') }));
  expect(one).not.toBe(two);
  expect(statSync(one ?? '').mode & 0o777).toBe(0o660);
  expect(one).toMatch(new RegExp(`^${dir}/outgoing/fastagi-${process.pid}-\\d+-[0-9a-z]+\\.call$`));
});

it.each(['', 'outgoing'])('is not written where everybody may write the spool: %s', (name) => {
  chmodSync(join(dir, name), 0o777);
  expect(() => callFile({ channel: 'PJSIP/100', context: 'c', spool: join(dir, 'outgoing') })).toThrow(
    expect.objectContaining({
      code: 'FASTAGI_CALL_FILE_SPOOL',
      message: expect.stringMatching(/everybody may write .*; chmod o-w /) as string,
    }),
  );
  expect(readdirSync(join(dir, 'outgoing'))).toEqual([]);
});

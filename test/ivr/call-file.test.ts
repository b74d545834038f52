import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callFile } from '../../src/ivr/call-file';
import { callFileText, type CallFileOptions } from '../../src/ivr/call-file-text';

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

it.each<[string, Partial<CallFileOptions>, RegExp]>([
  ['no channel', { channel: '' }, /channel is missing/],
  ['nothing to do', { context: undefined as never }, /give one of them/],
  ['two things to do', { application: 'NoOp' }, /give one of them/],
  ['a newline', { callerId: 'x\nApplication: System\nData: rm' }, /Callerid holds a newline/],
  ['a newline in a value', { variables: { A: 'x\r\ny' } }, /A holds a newline/],
  ['no name of a variable', { variables: { 'A=1\nB': 'x' } }, /no name of a variable/],
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

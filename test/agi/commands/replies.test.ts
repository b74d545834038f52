import { expect, it } from 'vitest';
import { createCommands, type Commands } from '../../../src/agi/agi';
import { hangsUp } from '../../../src/agi/channel-rules';
import { silent } from '../../../src/ground/log';
import { requestOf } from '../../support/request';
import { createChannel, type Channel } from '../../../src/agi/channel';
import { longestAnswer } from '../../../src/agi/answer-deadline';
import { createRefusals } from '../../../src/agi/refusals';
import { agiOn } from '../../support/agi';

/** Commands on a channel that gives this reply to each line, and to a probe its own. */
function replying(reply: string): { agi: Commands; lines: string[] } {
  const lines: string[] = [];
  const channel: Channel = createChannel({
    write(bytes) {
      const mark = /"(fastagi-\w+)"/.exec(bytes)?.[1];
      if (mark === undefined) lines.push(bytes.trimEnd());
      queueMicrotask(() => channel.receive(mark === undefined ? `${reply}\n` : `200 result=1 (${mark})\n`));
    },
  });
  return { agi: agiOn(channel), lines };
}

it.each<[line: string, reply: string, run: (agi: Commands) => Promise<unknown>, result: unknown]>([
  ['DATABASE DEL "f" "k"', '200 result=1', (agi) => agi.databaseDel('f', 'k'), undefined],
  ['DATABASE PUT "f" "k" "v"', '200 result=1', (agi) => agi.databasePut('f', 'k', 'v'), undefined],
  ['DATABASE DELTREE "f"', '200 result=0', (agi) => agi.databaseDelTree('f'), true],
  ['DATABASE DELTREE "f" "k"', '200 result=1', (agi) => agi.databaseDelTree('f', 'k'), false],
  ['DATABASE GET "f" "k"', '200 result=1 (v)', (agi) => agi.databaseGet('f', 'k'), 'v'],
  ['DATABASE GET "f" "k"', '200 result=0', (agi) => agi.databaseGet('f', 'k'), undefined],
  ['GET DATA "beep"', '200 result=12', (agi) => agi.getData('beep'), { digits: '12', timedOut: false }],
  ['GET DATA "beep" 100', '200 result=12 (timeout)', (agi) => agi.getData('beep', 100), { digits: '12', timedOut: true }],
  ['GET DATA "beep" 0 4', '200 result= (timeout)', (agi) => agi.getData('beep', undefined, 4), { digits: '', timedOut: true }],
  ['WAIT FOR DIGIT -1', '200 result=53', (agi) => agi.waitForDigit(), '5'],
  ['WAIT FOR DIGIT 100', '200 result=0', (agi) => agi.waitForDigit(100), undefined],
  ['RECEIVE CHAR 0', '200 result=97', (agi) => agi.receiveChar(), 'a'],
  ['RECEIVE CHAR 100', '200 result=0', (agi) => agi.receiveChar(100), undefined],
  ['RECEIVE CHAR 0', '200 result=', (agi) => agi.receiveChar(), undefined],
  ['RECEIVE TEXT 100', '200 result=1 (gr\xc3\xbc\xc3\x9f)', (agi) => agi.receiveText(100), 'grüß'],
  ['STREAM FILE "beep" ""', '200 result=0 endpos=800', (agi) => agi.streamFile('beep'), { digit: undefined, endpos: 800 }],
  ['STREAM FILE "beep" "5" 80', '200 result=53 endpos=90', (agi) => agi.streamFile('beep', '5', 80), { digit: '5', endpos: 90 }],
  ['GET OPTION "beep" "1" 100', '200 result=49 endpos=8', (agi) => agi.getOption('beep', '1', 100), { digit: '1', endpos: 8 }],
  ['CONTROL STREAM FILE "beep" "0"', '200 result=48 endpos=0', (agi) => agi.controlStreamFile('beep', '0'), { digit: '0', endpos: 0 }],
  ['CONTROL STREAM FILE "beep" "0"', '200 result=0 endpos=-1', (agi) => agi.controlStreamFile('beep', '0'), { digit: undefined, endpos: undefined }],
  ['CONTROL STREAM FILE "beep" "" 3000 "" "" "5"', '200 result=0', (agi) => agi.controlStreamFile('beep', '', { pause: '5' }), { digit: undefined, endpos: undefined }],
  ['CONTROL STREAM FILE "beep" "" 500', '200 result=0', (agi) => agi.controlStreamFile('beep', '', { skip: 500 }), { digit: undefined, endpos: undefined }],
  ['SET MUSIC "ON"', '200 result=0', (agi) => agi.setMusic(), undefined],
  ['SET MUSIC "OFF" "quiet"', '200 result=0', (agi) => agi.setMusic(false, 'quiet'), undefined],
  ['SET AUTOHANGUP 0', '200 result=0', (agi) => agi.setAutoHangup(), undefined],
  ['RECORD FILE "f" "wav" "#" 1000', '200 result=35 (dtmf) endpos=80', (agi) => agi.recordFile('f', 'wav', '#', 1000), { reason: 'dtmf', digit: '#', endpos: 80 }],
  ['RECORD FILE "f" "wav" "#" 1000', '200 result=0 (timeout) endpos=80', (agi) => agi.recordFile('f', 'wav', '#', 1000), { reason: 'timeout', digit: undefined, endpos: 80 }],
])('%s: %s', async (line, reply, run, result) => {
  const { agi, lines } = replying(reply);
  expect(await run(agi)).toEqual(result);
  // What is quoted needs not be.
  const plain = (text: string): string => text.replaceAll('"', '');
  expect(lines.map(plain)).toEqual([plain(line)]);
}); // prettier-ignore

it.each<[string, string, (agi: Commands) => Promise<unknown>]>([
  ['DATABASE DEL', '200 result=0', (agi) => agi.databaseDel('f', 'k')],
  ['DATABASE DEL', '200 result=-1', (agi) => agi.databaseDel('f', 'k')],
  ['DATABASE PUT', '200 result=0', (agi) => agi.databasePut('f', 'k', 'v')],
  ['DATABASE PUT', '200 result=-1', (agi) => agi.databasePut('f', 'k', 'v')],
  ['STREAM FILE', '200 result=-1 endpos=0', (agi) => agi.streamFile('none')],
  ['GET DATA', '200 result=-1', (agi) => agi.getData('none')],
])('%s fails: %s', async (command, reply, run) => {
  await expect(run(replying(reply).agi)).rejects.toMatchObject({ name: 'CommandError', command });
});

it('says date and time as Asterisk would, also if only the time zone is named', async () => {
  const { agi, lines } = replying('200 result=0');
  await agi.sayDateTime(1_000_000_000, '', undefined, 'UTC');
  await agi.sayDateTime(1_000_000_000, '', 'Q', 'UTC');
  await agi.sayDateTime(1_000_000_000);
  expect(lines).toEqual([
    `SAY DATETIME 1000000000 "" "ABdY 'digits/at' IMp" "UTC"`,
    'SAY DATETIME 1000000000 "" "Q" "UTC"',
    expect.stringMatching(/^SAY DATETIME 1000000000 ""$/),
  ]);
});

it('an argument that is none is named', async () => {
  const { agi } = replying('200 result=1 (x)');
  await expect(agi.getFullVariable(undefined as never)).rejects.toThrow('GET FULL VARIABLE: argument 1 is undefined; it must be text');
  await expect(agi.setMusic('on' as never)).rejects.toThrow('SET MUSIC: argument 1 is string; it must be true or false');
});

it('the request is there as it came, too, byte by byte', () => {
  const channel = createChannel({ write: () => undefined });
  const environment = 'agi_channel: PJSIP/1\nagi_calleridname: M\xfcller';
  const call = { channel, request: requestOf({ agi_calleridname: 'Müller' }), args: [], config: {}, audio: () => undefined, log: silent };
  const whole = createCommands({ ...call, environment });
  expect(whole.rawRequest).toMatchObject({ agi_channel: 'PJSIP/1', agi_calleridname: 'M\udcfcller' });
  expect(whole.rawRequest).toBe(whole.rawRequest);
  expect(createCommands(call).rawRequest).toBe(call.request);
});

it.each([
  ['HANGUP', true],
  ['HANGUP ""', true],
  ['HANGUP "pjsip/1"', true],
  ['HANGUP "PJSIP/2"', false],
  ['HANGUPS', false],
  ['STREAM FILE "PJSIP/1"', false],
])('%s hangs up the own channel: %s', (line, is) => {
  const words = line.startsWith('STREAM') ? 'STREAM FILE' : (line.split(' ')[0] ?? '');
  expect(hangsUp({ words, line: `${line}\n` }, ['PJSIP/1', undefined])).toBe(is);
});

it('a minute is how long an answer may take', () => {
  expect(longestAnswer).toBe(60_000);
});

it('refusals come ever later, up to a second', async () => {
  const waits: (number | 'turn')[] = [];
  const [{ setImmediate, setTimeout }, refusals] = [globalThis, createRefusals()];
  globalThis.setImmediate = (() => waits.push('turn')) as never;
  globalThis.setTimeout = ((_: unknown, ms: number) => waits.push(ms)) as never;
  try {
    for (let count = 0; count < 24; count++) refusals.delay(() => undefined);
    refusals.end();
    refusals.delay(() => undefined);
  } finally {
    Object.assign(globalThis, { setImmediate, setTimeout });
  }
  expect(waits).toEqual([...Array<string>(10).fill('turn'), 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000, 1000, 1000, 'turn']);
});

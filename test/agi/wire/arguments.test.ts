import { describe, expect, it } from 'vitest';
import { createChannel } from '../../../src/agi/channel';
import { settingsOf } from '../../support/settings';
import { createCallAgi, type Agi } from '../../../src/call/agi';
import { requestOf } from '../../support/request';
import { silent as silentLog } from '../../../src/ground/log';

/** A script's object at whose other end nobody answers, and what is sent. */
function silent(): { agi: Agi; lines: string[] } {
  const lines: string[] = [];
  const channel = createChannel({ write: (bytes) => void lines.push(bytes) });
  const agi = createCallAgi({
    channel,
    request: requestOf(),
    args: [],
    config: settingsOf({}),
    audio: () => undefined,
    openManager: () => Promise.reject(new Error('there is no manager here')),
    audioSocket: () => Promise.reject(new Error('no audio here')),
    release: () => Promise.reject(new Error('nothing is released here')),
    log: silentLog,
  });
  return { agi, lines };
}

const when = new Date(0);
/** Each method with arguments that are right, and how many of them must be given. Options, which are objects, stand behind them. */
const methods: [method: string, args: unknown[], least: number, options?: boolean][] = [
  ['channelStatus', ['PJSIP/1'], 0],
  ['controlStreamFile', ['beep', '1'], 2, true],
  ['databaseDel', ['f', 'k'], 2],
  ['databaseDelTree', ['f', 'k'], 1],
  ['databaseGet', ['f', 'k'], 2],
  ['databasePut', ['f', 'k', 'v'], 3],
  ['exec', ['Wait'], 1],
  ['execDial', ['PJSIP', '100', 5, 'tT'], 2],
  ['execEnumLookup', ['100'], 1],
  ['execGoto', ['1'], 1],
  ['execAgi', ['x.sh', 'a'], 1],
  ['execAbsoluteTimeout', [5], 0],
  ['execSetLanguage', ['de'], 0],
  ['evaluate', ['NOOP'], 1],
  ['getData', ['beep', 1000, 4], 1, true],
  ['getFullVariable', ['${X}', 'PJSIP/1'], 1],
  ['getOption', ['beep', '1', 1000], 2, true],
  ['getVariable', ['X'], 1],
  ['gosub', ['c', 's', 1, 'a'], 3],
  ['goto', ['c', 's', 1], 1],
  ['hangup', ['PJSIP/1'], 0],
  ['noop', ['x'], 0],
  ['receiveChar', [1000], 0],
  ['receiveText', [1000], 1],
  ['recordFile', ['/tmp/x', 'wav', '#', 1000], 2, true],
  ['say', ['x'], 1],
  ['sayAlpha', ['x', '#'], 1],
  ['sayDate', [when, '#'], 1],
  ['sayDateTime', [when, '#', 'IMp', 'UTC'], 1],
  ['sayDigits', ['1', '#'], 1],
  ['sayNumber', [1, '#', 'f'], 1],
  ['sayPhonetic', ['x', '#'], 1],
  ['sayPunctuation', ['x'], 1],
  ['sayTime', [when, '#'], 0],
  ['sendImage', ['x'], 1],
  ['sendText', ['x'], 1],
  ['setAutoHangup', [1], 0],
  ['setCallerId', ['100'], 1],
  ['setContext', ['c'], 1],
  ['setExtension', ['s'], 1],
  ['setGlobalVariable', ['X', 'v'], 2],
  ['setPriority', [1], 1],
  ['setVariable', ['X', 'v'], 2],
  ['speechActivateGrammar', ['g'], 1],
  ['speechCreate', ['e'], 0],
  ['speechDeactivateGrammar', ['g'], 1],
  ['speechLoadGrammar', ['g', '/p'], 2],
  ['speechRecognize', ['beep', 5, 0], 2],
  ['speechSet', ['n', 'v'], 2],
  ['speechUnloadGrammar', ['g'], 1],
  ['streamFile', ['beep', '1', 0], 1, true],
  ['swift', ['x'], 1],
  ['tddMode', ['on'], 1],
  ['text2wav', ['x'], 1],
  ['waitForDigit', [1000], 0, true],
];

const wrong: [what: string, value: unknown][] = [
  ['null', null], ['NaN', NaN], ['Infinity', Infinity], ['true', true], ['an array', [{}]], ['an object', {}], ['a function', () => 'x'], ['a symbol', Symbol('x')], ['a bigint', 5n],
]; // prettier-ignore

const call = (agi: Agi, method: string, args: readonly unknown[]): Promise<unknown> =>
  Reflect.apply(Reflect.get(agi, method) as (...args: unknown[]) => Promise<unknown>, agi, args);

/** What a call is refused with; what is not refused is sent, and waits for an answer. */
const refusal = (agi: Agi, method: string, args: readonly unknown[]): Promise<unknown> =>
  Promise.race([
    call(agi, method, args).then(() => 'it was carried out', (error: unknown) => error), // prettier-ignore
    new Promise((resolve) => setTimeout(resolve, 2000, 'it was sent')),
  ]);

it.each(methods)(
  '%s takes nothing but texts and finite numbers, and sends nothing before it knows',
  async (method, args, least, options = false) => {
    const bad: [what: string, given: unknown[]][] = args.flatMap((_right, at) => {
      const values = at < least ? [...wrong, ['undefined', undefined] as const] : wrong;
      return values.map(([what, value]): [string, unknown[]] => [`argument ${at + 1}: ${what}`, args.with(at, value)]);
    });
    if (least > 0) bad.push(['no arguments', []]);
    if (options) for (const value of [null, 'x', 5]) bad.push([`options: ${value}`, [...args, value]]);
    const taken: unknown[] = [];
    await Promise.all(
      bad.map(async ([what, given]) => {
        const { agi, lines } = silent();
        const error = await refusal(agi, method, given);
        if ((error as { code?: unknown }).code !== 'FASTAGI_ARGUMENT_TYPE' || lines.length > 0) taken.push([what, error, lines]);
      }),
    );
    expect(taken).toEqual([]);
    expect(bad.length).toBeGreaterThan(8);
  },
);

/** These speak first, and what speaks is loaded then. */
const speaking = ['say', 'swift', 'text2wav', 'sayPunctuation'];
const sending = methods.map(([method, args]) => [method, args] as const).filter(([method]) => !speaking.includes(method));

it.each(sending)('%s is sent before what a script calls for behind it', async (method, args) => {
  const { agi, lines } = silent();
  call(agi, method, args).catch(() => undefined);
  call(agi, 'verbose', ['behind']).catch(() => undefined);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/^VERBOSE/);
});

it('setMusic takes nothing but true and false: the word off would be true', async () => {
  for (const [, value] of wrong.filter(([what]) => what !== 'true')) {
    const { agi, lines } = silent();
    expect(await refusal(agi, 'setMusic', [value])).toMatchObject({ code: 'FASTAGI_ARGUMENT_TYPE' });
    expect(await refusal(agi, 'setMusic', ['off'])).toMatchObject({ code: 'FASTAGI_ARGUMENT_TYPE' });
    expect(lines).toEqual([]);
  }
});

it('sayTime says what time it is', async () => {
  const { agi, lines } = silent();
  call(agi, 'sayTime', []).catch(() => undefined);
  const seconds = Number(/^SAY TIME (\d+) ""\n$/.exec(lines[0] ?? '')?.[1]);
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
});

describe('numbers and texts go through for one another, and defaults are phpagi’s', () => {
  it.each<[method: string, args: unknown[], line: string]>([
    ['setVariable', ['X', 1.5], 'SET VARIABLE "X" "1.5"\n'],
    ['setVariable', ['X', 0], 'SET VARIABLE "X" "0"\n'],
    ['setVariable', ['X', ''], 'SET VARIABLE "X" ""\n'],
    ['databasePut', ['f', 1, 2], 'DATABASE PUT "f" 1 "2"\n'],
    ['setGlobalVariable', ['X', 5], 'SET VARIABLE "GLOBAL(X)" "5"\n'],
    ['setCallerId', [100], 'SET CALLERID 100\n'],
    ['sayDigits', [12], 'SAY DIGITS "12" ""\n'],
    ['sayNumber', ['12'], 'SAY NUMBER "12" ""\n'],
    ['sayTime', [60.9], 'SAY TIME 60 ""\n'],
    ['waitForDigit', ['1000'], 'WAIT FOR DIGIT "1000"\n'],
    ['getData', ['beep', undefined, 4], 'GET DATA "beep" 0 4\n'],
    ['setMusic', [], 'SET MUSIC "ON"\n'],
    ['setMusic', [false, 'jazz'], 'SET MUSIC "OFF" "jazz"\n'],
    ['waitForDigit', [], 'WAIT FOR DIGIT -1\n'],
    ['receiveChar', [], 'RECEIVE CHAR 0\n'],
    ['recordFile', ['/tmp/x', 'wav'], 'RECORD FILE "/tmp/x" "wav" "" -1\n'],
    ['recordFile', ['/tmp/x', 'wav', '#'], 'RECORD FILE "/tmp/x" "wav" "#" -1\n'],
    ['setAutoHangup', [], 'SET AUTOHANGUP 0\n'],
    ['fastpassSayTime', [{ digits: '' }, 60], 'SAY TIME 60 ""\n'],
    ['exec', ['Wait', 5], 'EXEC "Wait" "5"\n'],
    ['exec', ['Dial', ['PJSIP/1', undefined, 'tT']], 'EXEC "Dial" "PJSIP/1,,tT"\n'],
    ['exec', ['Answer', undefined], 'EXEC "Answer" ""\n'],
    ['execDial', ['PJSIP', 100, 5], 'EXEC "Dial" "PJSIP/100,5"\n'],
    ['gosub', ['c', 's', 1, 5], 'GOSUB "c" "s" 1 "5"\n'],
    ['controlStreamFile', ['x', '1', { offset: 5 }], 'CONTROL STREAM FILE "x" "1" 3000 "" "" "" 5\n'],
  ])('%s %j', (method, args, line) => {
    const { agi, lines } = silent();
    call(agi, method, args).catch(() => undefined);
    return expect.poll(() => lines).toEqual([line]);
  });

  it('in names and templates too', async () => {
    const { agi, lines } = silent();
    call(agi, 'getVariable', [5]).catch(() => undefined);
    await expect.poll(() => lines).toEqual([expect.stringMatching(/^GET FULL VARIABLE "\$\{5\}fastagi-/)]);
  });
});

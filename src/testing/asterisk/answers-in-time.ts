import { isNumeric, usage } from './answers-at-once';
import { exec } from './applications';
import { own, soundLength } from './functions';
import type { Running } from './running';
import type { SimulatedChannel } from './simulated-channel';

/** Begins a command; a text is its reply at once. */
export type InTime = (args: string[], channel: SimulatedChannel) => Running | string;

/** Samples a ms. */
const rate = 8;
const ascii = (key: string): number => key.charCodeAt(0);
const escapes = (digits: string, reply: (key: string, passed: number) => string) => (key: string, passed: number) =>
  digits.includes(key) ? reply(key, passed) : undefined;
const whole = (text: string | undefined): number => parseInt(text ?? '', 10) || 0;

/** By the command's words: how many arguments it takes, and how it begins. */
export const inTime: Record<string, [least: number, most: number, begin: InTime]> = {
  'CONTROL STREAM FILE': [2, 7, controlStream],
  EXEC: [1, Infinity, exec],
  'GET DATA': [1, Infinity, getData],
  'GET OPTION': [2, 3, ([file, digits, timeout = '5000'], channel) => stream([file, digits], channel, whole(timeout))],
  GOSUB: [3, 4, gosub],
  'RECEIVE CHAR': [1, 1, () => '200 result=-1 (hangup)'],
  'RECEIVE TEXT': [1, 1, (_args, { options }) => (options.text?.length ? `200 result=1 (${options.text.shift()})` : '200 result=-1')],
  'RECORD FILE': [4, Infinity, record],
  'SAY ALPHA': [2, 2, says('alpha')],
  'SAY DATE': [2, 2, sayTime('date')],
  'SAY DATETIME': [2, Infinity, sayTime('datetime')],
  'SAY DIGITS': [2, 2, sayNumber('digits')],
  'SAY NUMBER': [2, 3, sayNumber('number')],
  'SAY PHONETIC': [2, 2, says('phonetic')],
  'SAY TIME': [2, 2, sayTime('time')],
  'STREAM FILE': [2, 3, (args, channel) => stream(args, channel, 0)],
  'WAIT FOR DIGIT': [1, 1, waitForDigit],
};

/** @param after how long keys are waited for behind the file, in ms */
function stream(
  [file = '', digits = '', offset = '0']: (string | undefined)[],
  { options, variables }: SimulatedChannel,
  after: number,
): Running | string {
  if (!isNumeric(offset)) return usage;
  const time = soundLength(options, file);
  variables.set('PLAYBACKSTATUS', time === undefined ? 'FAILED' : 'SUCCESS');
  if (time === undefined) return '200 result=-1 endpos=0';
  const start = Math.min(Math.max(whole(offset), 0) / rate, time);
  const at = (passed: number): number => Math.floor(Math.min(start + passed, time) * rate);
  return {
    time: time - start + after,
    sound: time - start,
    heard: [file],
    listens: (key) => digits.includes(key),
    ends: () => `200 result=0 endpos=${at(time)}`,
    key: escapes(digits, (key, passed) => (variables.set('PLAYBACKSTATUS', 'FAILED'), `200 result=${ascii(key)} endpos=${at(passed)}`)),
    hangUp: (passed) => `200 result=-1 endpos=${at(passed)}`,
    interrupted: '',
  };
}

/** Its positions are ms, not samples. */
function controlStream([file = '', digits = '', skip = '0', , , , offset = '0']: string[], channel: SimulatedChannel): Running | string {
  const { options, variables } = channel;
  if (!isNumeric(skip) || !isNumeric(offset)) return usage;
  const time = soundLength(options, file);
  variables.set('CPLAYBACKSTATUS', time === undefined ? 'ERROR' : 'SUCCESS');
  if (time === undefined) return '200 result=-1 endpos=-1';
  const start = Math.min(whole(offset), time);
  const at = (passed: number): number => Math.floor(start + passed);
  return {
    time: time - start,
    sound: time - start,
    heard: [file],
    listens: (key) => digits.includes(key),
    ends: () => '200 result=0 endpos=-1',
    key: escapes(digits, (key, passed) => {
      variables
        .set('CPLAYBACKSTATUS', 'USERSTOPPED')
        .set('CPLAYBACKSTOPKEY', key)
        .set('CPLAYBACKOFFSET', String(at(passed)));
      return `200 result=${ascii(key)} endpos=${at(passed)}`;
    }),
    hangUp: (passed) => `200 result=-1 endpos=${at(passed)}`,
  };
}

function getData([file = '', timeout = '0', most = '1024']: string[], { options }: SimulatedChannel): Running | string {
  const time = file === '' ? 0 : soundLength(options, file);
  if (time === undefined || whole(most) <= 0) return '200 result=-1';
  const each = whole(timeout) || 6000;
  let digits = '';
  return {
    time: time + each,
    sound: time,
    heard: file === '' ? [] : [file],
    listens: () => true,
    ends: () => `200 result=${digits} (timeout)`,
    key(key) {
      if (key === '#') return `200 result=${digits}`;
      digits += key;
      return digits.length >= whole(most) ? `200 result=${digits}` : undefined;
    },
    timeAfterKey: each,
    hangUp: () => '200 result=-1',
    interrupted: '',
  };
}

function waitForDigit([timeout = '']: string[]): Running | string {
  if (!isNumeric(timeout)) return usage;
  return {
    time: whole(timeout) < 0 ? Infinity : whole(timeout),
    listens: () => true,
    ends: () => '200 result=0',
    key: (key) => `200 result=${ascii(key)}`,
    hangUp: () => '200 result=-1',
    interrupted: '200 result=1',
  };
}

/** The caller of this simulation says nothing: silence ends a recording as soon as it may. */
function record([file = '', format = '', digits = '', timeout = '', ...more]: string[]): Running | string {
  if (!isNumeric(timeout)) return usage;
  if (file.startsWith('/no/') || !['gsm', 'wav', 'sln', 'ulaw', 'alaw'].includes(format)) return '200 result=-1 (writefile)';
  const silence = more.map((word) => /^s=(\d+)$/i.exec(word)?.[1]).find((seconds) => seconds !== undefined);
  const longest = whole(timeout) < 0 ? Infinity : whole(timeout);
  const time = silence === undefined ? longest : Math.min(longest, Number(silence) * 1000);
  const ended = (passed: number): number => Math.floor(passed * rate);
  return {
    time,
    records: true,
    listens: (key) => digits.includes(key),
    ends: () => `200 result=0 (timeout) endpos=${ended(time)}`,
    key: escapes(digits, (key, passed) => `200 result=${ascii(key)} (dtmf) endpos=${ended(passed)}`),
    hangUp: (passed) => `200 result=-1 (hangup) endpos=${ended(passed)}`,
  };
}

function says(what: string): InTime {
  return ([value = '', digits = '']) => say(`${what} ${value}`, value.length, digits);
}

function sayNumber(what: string): InTime {
  return (args, channel) => (isNumeric(args[0]) ? says(what)(args, channel) : usage);
}

function sayTime(what: string): InTime {
  return ([time = '', digits = '']) => (isNumeric(time) ? say(`${what} ${time}`, 8, digits) : usage);
}

/** @param words so many: each takes about half a second */
function say(what: string, words: number, digits: string): Running {
  return {
    time: 500 * words,
    sound: 500 * words,
    heard: [what],
    listens: (key) => digits.includes(key),
    ends: () => '200 result=0',
    key: escapes(digits, (key) => `200 result=${ascii(key)}`),
    hangUp: () => '200 result=-1',
  };
}

function gosub([context = '', extension = '', priority = '', args = '']: string[], channel: SimulatedChannel): Running | string {
  const subroutine = own(channel.options.subroutines, `${context},${extension},${priority}`);
  if (!subroutine) return '200 result=-1 Gosub label not found';
  const begins = '100 result=0 Trying...';
  const complete = '200 result=0 Gosub complete';
  const returned = subroutine(args === '' ? [] : args.split(','), channel);
  if (typeof returned !== 'object') return `${begins}\n${complete}${returned === 'abnormal' ? ' (abnormal exit)' : ''}`;
  return { time: returned.wait, begins, ends: () => complete, hangUp: () => `${complete} (abnormal exit)` };
}

import { usage } from './answers-at-once';
import type { SimulatedChannel } from './simulated-channel';

/** A command that is under way. */
export interface Running {
  /** How long it runs by itself, in ms; Infinity for ever. */
  readonly time: number;
  /** The reply when its time is over. */
  readonly ends: () => string;
  /** What a key does: the reply that it ends the command with, or undefined. Without it keys wait for a later command. */
  readonly key?: (key: string, passed: number) => string | undefined;
  /** The reply when the caller hangs up. */
  readonly hangUp: (passed: number) => string;
  /** What a further line makes of it: the reply, perhaps none; without it the line waits. */
  readonly interrupted?: string;
}

/** Begins a command; a text is its reply at once. */
export type InTime = (args: string[], channel: SimulatedChannel) => Running | string;

/** Samples a ms. */
const rate = 8;
const ascii = (key: string): number => key.charCodeAt(0);
const escapes = (digits: string, reply: (key: string, passed: number) => string) => (key: string, passed: number) =>
  digits.includes(key) ? reply(key, passed) : undefined;

/** By the command's words: how many arguments it needs, and how it begins. */
export const inTime: Record<string, [least: number, begin: InTime]> = {
  'CONTROL STREAM FILE': [2, controlStream],
  EXEC: [1, exec],
  'GET DATA': [1, getData],
  'GET OPTION': [2, (args, channel) => stream(args, channel, Number(args[2] ?? 5000))],
  GOSUB: [3, gosub],
  'RECEIVE CHAR': [1, () => '200 result=-1 (hangup)'],
  'RECEIVE TEXT': [1, (_args, { options }) => (options.text?.length ? `200 result=1 (${options.text.shift()})` : '200 result=-1')],
  'RECORD FILE': [4, record],
  'STREAM FILE': [2, (args, channel) => stream(args, channel, 0)],
  'WAIT FOR DIGIT': [1, waitForDigit],
  ...Object.fromEntries(
    ['ALPHA', 'DATE', 'DATETIME', 'DIGITS', 'NUMBER', 'PHONETIC', 'TIME'].map((what) => [
      `SAY ${what}`,
      [2, (args) => say(what, args)] as [number, InTime],
    ]),
  ),
};

function stream([file = '', digits = '']: string[], { options, variables }: SimulatedChannel, timeout: number): Running | string {
  const time = own(options.sounds, file);
  variables.set('PLAYBACKSTATUS', time === undefined ? 'FAILED' : 'SUCCESS');
  if (time === undefined) return '200 result=-1 endpos=0';
  const at = (passed: number): number => Math.floor(Math.min(passed, time) * rate);
  return {
    time: time + timeout,
    ends: () => `200 result=0 endpos=${at(time)}`,
    key: escapes(digits, (key, passed) => (variables.set('PLAYBACKSTATUS', 'FAILED'), `200 result=${ascii(key)} endpos=${at(passed)}`)),
    hangUp: (passed) => `200 result=-1 endpos=${at(passed)}`,
    interrupted: '',
  };
}

function controlStream([file = '', digits = '']: string[], { options, variables }: SimulatedChannel): Running | string {
  const time = own(options.sounds, file);
  variables.set('CPLAYBACKSTATUS', time === undefined ? 'ERROR' : 'SUCCESS');
  if (time === undefined) return '200 result=-1 endpos=-1';
  return {
    time,
    ends: () => '200 result=0 endpos=-1',
    key: escapes(digits, (key, passed) => {
      variables.set('CPLAYBACKSTATUS', 'USERSTOPPED').set('CPLAYBACKSTOPKEY', key).set('CPLAYBACKOFFSET', String(passed));
      return `200 result=${ascii(key)} endpos=${passed * rate}`;
    }),
    hangUp: (passed) => `200 result=-1 endpos=${passed * rate}`,
  };
}

function getData([file = '', timeout = '0', most = '1024']: string[], { options }: SimulatedChannel): Running | string {
  const time = own(options.sounds, file);
  if (time === undefined) return '200 result=-1';
  let digits = '';
  return {
    time: time + (Number(timeout) || 6000),
    ends: () => `200 result=${digits} (timeout)`,
    key(key) {
      if (key === '#') return `200 result=${digits}`;
      digits += key;
      return digits.length >= Number(most) ? `200 result=${digits}` : undefined;
    },
    hangUp: () => '200 result=-1',
    interrupted: '',
  };
}

function waitForDigit([timeout = '']: string[]): Running {
  return {
    time: Number(timeout) < 0 ? Infinity : Number(timeout),
    ends: () => '200 result=0',
    key: (key) => `200 result=${ascii(key)}`,
    hangUp: () => '200 result=-1',
    interrupted: '200 result=1',
  };
}

function record([file = '', format = '', digits = '', timeout = '']: string[]): Running | string {
  if (file.startsWith('/no/') || !['gsm', 'wav', 'sln', 'ulaw', 'alaw'].includes(format)) return '200 result=-1 (writefile)';
  const ended = (passed: number): number => Math.floor(passed * rate);
  return {
    time: Number(timeout) < 0 ? Infinity : Number(timeout),
    ends: () => `200 result=0 (timeout) endpos=${ended(Number(timeout))}`,
    key: escapes(digits, (key, passed) => `200 result=${ascii(key)} (dtmf) endpos=${ended(passed)}`),
    hangUp: (passed) => `200 result=-1 (hangup) endpos=${ended(passed)}`,
  };
}

function say(what: string, [value = '', digits = '']: string[]): Running | string {
  if (what !== 'ALPHA' && what !== 'PHONETIC' && !/^[-\d*#]+$/.test(value)) return usage;
  return {
    time: 20 * value.length,
    ends: () => '200 result=0',
    key: escapes(digits, (key) => `200 result=${ascii(key)}`),
    hangUp: () => '200 result=-1',
  };
}

function exec([application = '', options = '']: string[], channel: SimulatedChannel): Running | string {
  const run = own(channel.options.applications, application) ?? own(applications, application);
  if (!run) return '200 result=-2';
  const returned = run(options, channel);
  if (typeof returned === 'number') return `200 result=${returned}${returned === 1 ? `\n${usage}` : ''}`;
  return { time: returned.wait, ends: () => '200 result=0', hangUp: () => '200 result=-1' };
}

const applications: NonNullable<SimulatedChannel['options']['applications']> = {
  NoOp: () => 0,
  Playback: (file, { options }) => ({ wait: own(options.sounds, file) ?? 0 }),
  Set(assignment, { variables }) {
    const equals = assignment.indexOf('=');
    variables.set(assignment.slice(0, equals), assignment.slice(equals + 1));
    return 0;
  },
  Verbose: (options, channel) => (channel.console.push(options.replace(/^\d,/, '')), 0),
  Wait: (seconds) => ({ wait: Number(seconds) * 1000 }),
};

function gosub([context = '', extension = '', priority = '', args = '']: string[], channel: SimulatedChannel): string {
  const subroutine = own(channel.options.subroutines, `${context},${extension},${priority}`);
  if (!subroutine) return '200 result=-1 Gosub label not found';
  const returned = subroutine(args === '' ? [] : args.split(','), channel);
  return `100 result=0 Trying...\n200 result=0 Gosub complete${returned === 'abnormal' ? ' (abnormal exit)' : ''}`;
}

/** Only what was named: an object has more names of its own. */
function own<T>(named: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return named && Object.hasOwn(named, name) ? named[name] : undefined;
}

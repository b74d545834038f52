import { expect, it } from 'vitest';
import { createAsterisk, type Asterisk, type AsteriskOptions } from '../../../src/testing';
import { virtualClock } from '../../../src/testing/asterisk/clock';
import { argumentsAndFunctions, whileKeysArePressed } from '../../asterisk/argument-table';
import { inTheMiddle, interrupted, normalised, onADeadChannel, onALiveChannel, type Row } from '../../asterisk/comparison-table';
import { countsAndNumbers } from '../../asterisk/counts-table';

const options: AsteriskOptions = {
  sounds: { beep: 440, 'silence/1': 1000, 'demo-congrats': 30_000 },
  subroutines: {
    'subroutine,s,1': (args, { variables }) => void variables.set('RETURNED', args.join('-')),
    'subroutine,endless,1': () => 'abnormal',
    'subroutine,long,1': () => ({ wait: 60_000 }),
  },
};

/** A simulated Asterisk whose time passes only when it is told to. */
function simulated(version = '22.10.1'): { asterisk: Asterisk; taken: () => string; pass: (ms: number) => void } {
  let output = '';
  const clock = virtualClock();
  const asterisk = createAsterisk((bytes) => (output += bytes), { ...options, version }, clock);
  return {
    asterisk,
    taken() {
      const text = output;
      output = '';
      return text;
    },
    pass: clock.pass,
  };
}

/** Plays one row: its line byte by byte, and as much time as it may need. */
const player =
  ({ asterisk, taken, pass }: ReturnType<typeof simulated>) =>
  ([line]: Row): Row => {
    for (const byte of `${line}\n`) asterisk.feed(byte);
    pass(5000);
    return [line, normalised(taken())];
  };
const expected = (rows: readonly Row[]): Row[] => rows.map(([line, reply]) => [line, reply]);

it('answers each command as the real Asterisk does, on a live channel and on a dead one', () => {
  expect(onALiveChannel.length + onADeadChannel.length).toBeGreaterThan(150);
  const call = simulated();
  expect(onALiveChannel.map(player(call))).toEqual(expected(onALiveChannel));
  call.asterisk.feed('HANGUP\n');
  expect(call.taken()).toBe('200 result=1\nHANGUP\n');
  expect(onADeadChannel.map(player(call))).toEqual(expected(onADeadChannel));
});

it('takes arguments of every kind as the real one does', () => {
  const call = simulated();
  call.asterisk.feed('ANSWER\n');
  call.taken();
  expect(argumentsAndFunctions.map(player(call))).toEqual(expected(argumentsAndFunctions));
});

it('counts arguments, and reads numbers and expressions, as the real one does', () => {
  const call = simulated();
  call.asterisk.feed('SET VARIABLE PLAIN value\n');
  call.taken();
  expect(countsAndNumbers.map(player(call))).toEqual(expected(countsAndNumbers));
});

it('answers as the real one while the caller presses 5 every 700 ms', () => {
  const { asterisk, taken, pass } = simulated();
  const answers = whileKeysArePressed.map(([line]): Row => {
    asterisk.feed(`${line}\n`);
    let answer = taken();
    for (let presses = 0; answer === '' && presses < 100; presses++) {
      pass(700);
      answer = taken();
      if (answer !== '') break;
      asterisk.press('5');
      answer = taken();
    }
    return [line, normalised(answer)];
  });
  expect(answers).toEqual(expected(whileKeysArePressed));
});

it.each([
  ...inTheMiddle.map(([line, reply]) => [line, reply, '22.10.1'] as const),
  ...inTheMiddle.map(([line, reply, on16]) => [line, on16 ?? reply, '16.28.0~dfsg-0+deb11u4'] as const),
])('answers %s as the real one when the caller hangs up in the middle: %s, Asterisk %s', (line, reply, version) => {
  const { asterisk, taken, pass } = simulated(version);
  asterisk.feed(`${line}\n`);
  pass(300);
  const before = taken();
  expect(before).toBe(line.startsWith('GOSUB') ? '100 result=0 Trying...\n' : '');
  asterisk.hangUp();
  expect(normalised(before + taken())).toBe(`${reply}\nHANGUP`);
});

it('gives each key of GET DATA the whole time', () => {
  const { asterisk, taken, pass } = simulated();
  asterisk.feed('GET DATA beep 1000 4\n');
  for (const key of '12') {
    pass(900);
    asterisk.press(key);
  }
  pass(999);
  expect(taken()).toBe('');
  pass(1);
  expect(taken()).toBe('200 result=12 (timeout)\n');
});

it('begins where it is told to', () => {
  const { asterisk, taken, pass } = simulated();
  asterisk.feed('STREAM FILE beep "" 1600\n');
  pass(239);
  expect(taken()).toBe('');
  pass(1);
  expect(taken()).toBe('200 result=0 endpos=3520\n');
  asterisk.feed('RECORD FILE /tmp/x wav "" 60000 0 BEEP s=2\n');
  pass(2000);
  expect(taken()).toBe('200 result=0 (timeout) endpos=16000\n');
});

it('lets no time run after the end of the connection', () => {
  const { asterisk, taken, pass } = simulated();
  asterisk.feed('WAIT FOR DIGIT 500\nNOOP\nSTREAM FILE beep ""\n');
  taken();
  asterisk.end();
  pass(5000);
  expect(taken()).toBe('');
});

it.each(interrupted)('answers %s as the real one when a further line arrives', (line, reply) => {
  const { asterisk, taken, pass } = simulated();
  asterisk.feed(`${line}\n`);
  asterisk.feed('NOOP\n');
  pass(5000);
  expect(normalised(taken())).toBe(reply);
});

it.each([
  ['22.10.1', 8190],
  ['16.28.0~dfsg-0+deb11u4', 2046],
])('cuts a line that is too long, and takes its rest for a line of its own: Asterisk %s', (version, longest) => {
  const { asterisk, taken } = simulated(version);
  asterisk.feed(`SET VARIABLE LONG "${'x'.repeat(longest + 100)}"\n`);
  expect(taken()).toBe('200 result=1\n510 Invalid or unknown command\n');
  expect(asterisk.channel.variables.get('LONG')).toHaveLength(longest - 'SET VARIABLE LONG "'.length);
});

it('keeps keys for the next command that reads them', () => {
  const { asterisk, taken } = simulated();
  asterisk.press('12#4');
  asterisk.feed('GET DATA beep 1000\n');
  expect(taken()).toBe('200 result=12\n');
  asterisk.feed('WAIT FOR DIGIT 1000\n');
  expect(taken()).toBe('200 result=52\n');
  asterisk.feed('STREAM FILE beep "5"\n');
  asterisk.press('35');
  expect(taken()).toMatch(/^200 result=53 endpos=\d+\n$/);
});

it('stops a playback for a line that waits already', () => {
  const { asterisk, taken, pass } = simulated();
  asterisk.feed('SAY DIGITS 12 ""\nSTREAM FILE demo-congrats ""\nNOOP\n');
  pass(1000);
  expect(taken()).toBe('200 result=0\n200 result=0\n');
});

it('knows only the applications that there are', () => {
  const { asterisk, taken } = simulated();
  asterisk.feed('EXEC constructor x\n');
  expect(taken()).toBe('200 result=-2\n');
});

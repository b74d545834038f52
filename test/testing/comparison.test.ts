import { expect, it } from 'vitest';
import { createAsterisk, type Asterisk, type AsteriskOptions } from '../../src/testing';
import { inTheMiddle, interrupted, normalised, onADeadChannel, onALiveChannel } from '../asterisk/comparison-table';

const options: AsteriskOptions = {
  sounds: { beep: 440, 'silence/1': 1000, 'demo-congrats': 30_000 },
  subroutines: {
    'subroutine,s,1': (args, { variables }) => void variables.set('RETURNED', args.join('-')),
    'subroutine,endless,1': () => 'abnormal',
  },
};

/** A simulated Asterisk whose time passes only when it is told to. */
function simulated(): { asterisk: Asterisk; taken: () => string; pass: (ms: number) => void } {
  let now = 0;
  let output = '';
  const timers = new Set<{ at: number; callback: () => void }>();
  const clock = {
    now: () => now,
    after(ms: number, callback: () => void) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const asterisk = createAsterisk((bytes) => (output += bytes), options, clock);
  return {
    asterisk,
    taken() {
      const text = output;
      output = '';
      return text;
    },
    pass(ms) {
      for (const end = now + ms; now < end; now += 1)
        for (const timer of timers) if (timer.at <= now && timers.delete(timer)) timer.callback();
    },
  };
}

it('answers each command as the real Asterisk does, on a live channel and on a dead one', () => {
  expect(onALiveChannel.length + onADeadChannel.length).toBeGreaterThan(150);
  const { asterisk, taken, pass } = simulated();
  const play = ([line]: readonly [string, string, string?]): [string, string] => {
    for (const byte of `${line}\n`) asterisk.feed(byte);
    pass(2000);
    return [line, normalised(taken())];
  };
  expect(onALiveChannel.map(play)).toEqual(onALiveChannel.map(([line, reply]) => [line, reply]));
  asterisk.feed('HANGUP\n');
  expect(taken()).toBe('200 result=1\nHANGUP\n');
  expect(onADeadChannel.map(play)).toEqual(onADeadChannel.map(([line, reply]) => [line, reply]));
});

it.each(inTheMiddle.filter(([line]) => !line.startsWith('GOSUB')))(
  'answers %s as the real one when the caller hangs up in the middle',
  (line, reply) => {
    const { asterisk, taken, pass } = simulated();
    asterisk.feed(`${line}\n`);
    pass(300);
    expect(taken()).toBe('');
    asterisk.hangUp();
    expect(normalised(taken())).toBe(`${reply}\nHANGUP`);
  },
);

it.each(interrupted)('answers %s as the real one when a further line arrives', (line, reply) => {
  const { asterisk, taken, pass } = simulated();
  asterisk.feed(`${line}\n`);
  asterisk.feed('NOOP\n');
  pass(5000);
  expect(normalised(taken())).toBe(reply);
});

it('cuts a line that is too long, and takes its rest for a line of its own', () => {
  const { asterisk, taken } = simulated();
  asterisk.feed(`SET VARIABLE LONG "${'x'.repeat(8300)}"\n`);
  expect(taken()).toBe('200 result=1\n510 Invalid or unknown command\n');
  expect(asterisk.channel.variables.get('LONG')).toHaveLength(8190 - 'SET VARIABLE LONG "'.length);
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
  pass(100);
  expect(taken()).toBe('200 result=0\n200 result=0\n');
});

it('knows only the applications that there are', () => {
  const { asterisk, taken } = simulated();
  asterisk.feed('EXEC constructor x\n');
  expect(taken()).toBe('200 result=-2\n');
});

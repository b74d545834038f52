import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outcomeOf, success, type Outcome } from '../../src/call/outcome';
import { reportOutcome } from '../../src/call/report';
import { HangupError, ScriptError } from '../../src/ground/errors';
import { hostCall } from '../support/call-host';
import { environment, politeAnswer } from '../support/peer';
import { recordedLog } from '../support/recorded-log';
import { settingsOf } from '../support/settings';

const whole = environment('x.js');

describe('a report', () => {
  const script = (): never => {
    throw new Error('boom');
  };

  it('plays a sound and sends the caller on, if the settings say so', async () => {
    const { peer, over } = await hostCall(whole, { script, sections: { fastagi: { error_playback: 'sorry', error_goto: 'errors,s,1' } } });
    await over;
    expect(peer.commands).toEqual([
      'SET VARIABLE "FASTAGISTATUS" "FAILURE"',
      'SET VARIABLE "FASTAGIERROR" "Error: boom"',
      'VERBOSE "fastagi: x.js: Error: boom" 1',
      'STREAM FILE "sorry" ""',
      'SET CONTEXT "errors"',
      'SET EXTENSION "s"',
      'SET PRIORITY "1"',
    ]);
  });

  it('has the places of the error in debug mode', async () => {
    const { peer, over } = await hostCall(whole, { script, sections: { phpagi: { debug: 'yes' } } });
    await over;
    expect(peer.commands.some((line) => /^VERBOSE " {4}at .*report\.test\.ts/.test(line))).toBe(true);
  });

  it('of a hangup is told by variables alone', async () => {
    const { peer, over } = await hostCall(whole, {
      script: (agi) => agi.waitForDigit(10),
      answer: (line) => (line.startsWith('WAIT') ? 'HANGUP\n200 result=-1\n' : line.startsWith('CHANNEL') ? '511 x\n' : politeAnswer(line)),
      sections: { fastagi: { error_playback: 'sorry', error_goto: 'errors,s,1' } },
    });
    expect(await over).toMatchObject({ status: 'HANGUP' });
    expect(peer.commands.slice(-2).map((line) => line.split('"')[1])).toEqual(['FASTAGISTATUS', 'FASTAGIERROR']);
  });

  it('mails what happened before it', async () => {
    const { over, mails } = await hostCall(whole, { script: (agi) => agi.noop('one').then(script) });
    await over;
    expect(mails).toMatchObject([
      {
        script: 'x.js',
        outcome: { status: 'FAILURE', reason: 'Error: boom' },
        request: { agi_channel: 'PJSIP/100-00000001' },
        exchanges: [
          { direction: '>', text: 'NOOP "one"\n' },
          { direction: '<', text: '200 result=0\n' },
        ],
      },
    ]);
  });
});

describe('what nobody answers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Reports to an Asterisk that does not answer the command of that name. @param failure of the channel, which has to recover first */
  function reportTo(silent: string, outcome: Outcome, failure?: Error) {
    const { log, lines } = recordedLog();
    const given: string[] = [];
    const command =
      (name: string) =>
      async (...args: unknown[]) => {
        given.push([name, ...args].join(' '));
        if (name === silent) await new Promise(() => undefined);
      };
    const names = ['setVariable', 'verbose', 'streamFile', 'setContext', 'setExtension', 'setPriority'];
    const config = settingsOf({ fastagi: { error_playback: 'sorry', error_goto: 'errors,s,1' }, phpagi: { debug: 'yes' } });
    const agi = { config, log, ...Object.fromEntries(names.map((name) => [name, command(name)])) };
    const channel = { failure, recover: command('recover') };
    let over = false;
    const reported = reportOutcome(agi as never, channel as never, 'x.js', outcome).then(() => (over = true));
    return { given, lines, reported, isOver: () => over };
  }

  const stranger = outcomeOf(new ScriptError('FASTAGI_PEER_REFUSED', 'x', { status: 'FORBIDDEN' }));
  it.each([
    ['setVariable', success, undefined, 5, 1],
    ['setVariable', stranger, undefined, 2, 1],
    ['recover', success, new Error('x'), 5, 1],
    ['verbose', outcomeOf(new Error('boom')), undefined, 5, 3],
    ['streamFile', outcomeOf(new Error('boom')), undefined, 60, 5],
    ['setExtension', outcomeOf(new Error('boom')), undefined, 5, 7],
  ])('%s of %o: nothing is waited for for longer', async (silent, outcome, failure, seconds, count) => {
    const { given, lines, reported, isOver } = reportTo(silent, outcome, failure);
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect([isOver(), lines]).toEqual([false, []]);
    await vi.advanceTimersByTimeAsync(1);
    await reported;
    expect(lines).toEqual([`error while reporting: Asterisk did not answer within ${seconds} s, and the connection is closed`]);
    expect(given).toHaveLength(count);
  });

  it('nothing is left to wait for if all is answered', async () => {
    const { given, lines, reported } = reportTo('', outcomeOf(new Error('boom')), new Error('x'));
    await reported;
    expect(vi.getTimerCount()).toBe(0);
    expect(lines).toEqual([]);
    expect(given.map((line) => line.split('\n', 1)[0])).toEqual([
      'recover',
      'setVariable FASTAGISTATUS FAILURE',
      'setVariable FASTAGIERROR Error: boom',
      'verbose fastagi: x.js: Error: boom 1',
      'verbose Error: boom',
      'streamFile sorry',
      'setContext errors',
      'setExtension s',
      'setPriority 1',
    ]);
  });

  it('says nothing on the console of a hangup, and shows no error that is none', async () => {
    const hungUp = reportTo('', outcomeOf(new HangupError('x')));
    await hungUp.reported;
    expect(hungUp.given.filter((line) => line.startsWith('verbose'))).toEqual([expect.stringMatching(/^verbose HangupError: /)]);
    const lost = reportTo('', { status: 'FAILURE', reason: 'lost', error: undefined });
    await lost.reported;
    expect(lost.given.filter((line) => line.startsWith('verbose'))).toEqual(['verbose fastagi: x.js: lost 1']);
  });
});

it('what fails of a report is a line in the log, unless the caller is gone; the rest is told', async () => {
  const { log, lines } = recordedLog();
  const told: unknown[] = [];
  const failures = [new Error('one'), new HangupError('two')];
  const setVariable = async (name: string): Promise<void> => {
    told.push(name);
    const failure = failures.shift();
    if (failure) throw failure;
  };
  const agi = { config: settingsOf({}), log, setVariable, verbose: async () => undefined };
  await reportOutcome(agi as never, { failure: undefined } as never, 'x.js', outcomeOf(new Error('boom')));
  expect(told).toEqual(['FASTAGISTATUS', 'FASTAGIERROR']);
  expect(lines).toEqual(['error while reporting: one']);
});

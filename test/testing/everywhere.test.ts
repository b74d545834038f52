import { describe, expect, it } from 'vitest';
import { CommandError, HangupError, type Script } from '../../src/index';
import { CallTestError, everywhere, type EverywhereError, type EverywhereOptions, type Fault } from '../../src/testing';

const failure = async (script: Script, fault: Fault, options?: EverywhereOptions): Promise<EverywhereError> =>
  everywhere(script, fault, options).then(
    () => expect.fail('it was not noticed'),
    (error: unknown) => error as EverywhereError,
  );

/** Takes a lock, and gives it back whatever happens. */
const careful: Script = async (fastagi) => {
  await fastagi.answer();
  await fastagi.databasePut('locks', '100', 'taken');
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const { digits } = await fastagi.getData('enter-pin', 3000, 2);
      if (digits === '12') break;
      await fastagi.streamFile('wrong');
    }
    await fastagi.streamFile('welcome');
  } finally {
    await fastagi.databaseDel('locks', '100').catch(() => fastagi.databaseDel('locks', '100'));
  }
};
const options: EverywhereOptions = {
  caller: (caller) => caller.presses('12'),
  invariant: ({ database }) => expect(database['locks/100']).toBeUndefined(),
};

describe('a script that takes care', () => {
  it.each(['hangup', 'error'] as const)('passes "%s" at each of its commands', async (fault) => {
    const runs = await everywhere(careful, fault, options);
    expect(runs.map(({ command }) => command.split(' ', 2).join(' '))).toEqual([
      'ANSWER',
      'DATABASE PUT',
      'GET DATA',
      'STREAM FILE',
      'DATABASE DEL',
    ]);
    const [first] = runs;
    expect(first?.call.status).toBe(fault === 'hangup' ? 'HANGUP' : 'FAILURE');
    expect(first?.call.error).toBeInstanceOf(fault === 'hangup' ? HangupError : CommandError);
  });

  it.each(['silence', 'wrongKey'] as const)('passes "%s" wherever the caller presses something', async (fault) => {
    const runs = await everywhere(careful, fault, options);
    expect(runs.map(({ command }) => command)).toEqual(['GET DATA "enter-pin" 3000 2']);
    const heard = fault === 'silence' ? ['enter-pin', 'wrong', 'enter-pin', 'welcome'] : ['enter-pin', 'wrong', 'enter-pin', 'wrong', 'enter-pin', 'wrong', 'welcome']; // prettier-ignore
    expect(runs[0]?.call.heard).toEqual(heard);
  });

  it('passes "slow"', async () => {
    const runs = await everywhere(careful, 'slow', options);
    expect(runs).toHaveLength(5);
    for (const { call } of runs) expect([call.status, call.heard.at(-1)]).toEqual(['SUCCESS', 'welcome']);
  });

  it('passes "lost", of which nothing can be undone', async () => {
    const { invariant: _none, ...without } = options;
    const runs = await everywhere(careful, 'lost', without);
    for (const { call } of runs) expect(call.status).toBe('HANGUP');
  });
});

describe('a script is found out', () => {
  it('that leaves something behind', async () => {
    const error = await failure(careful, 'lost', options);
    expect(error.code).toBe('FASTAGI_TEST_EVERYWHERE');
    expect(error.message).toMatch(/^"lost" at one command after the other: \d calls went wrong\n/);
    expect(error.message).toContain('GET DATA "enter-pin" 3000 2: the invariant does not hold: ');
    expect(error.message).toContain('(the connection is lost)');
  });

  it('that throws something else', async () => {
    const script: Script = async (fastagi) => {
      await fastagi.answer();
      await fastagi.streamFile('welcome').catch(() => {
        throw new TypeError('not a function');
      });
    };
    const error = await failure(script, 'hangup');
    expect(error.runs.map(({ command }) => command)).toEqual(['ANSWER', 'STREAM FILE "welcome" ""']);
    expect(error.message).toContain('STREAM FILE "welcome" "": the script threw TypeError: not a function\n');
    expect(error.message).toContain('the caller hangs up');
  });

  it('that does not survive an error which it should', async () => {
    expect((await failure(async (fastagi) => {
      await fastagi.streamFile('welcome').catch(() => fastagi.streamFile('sorry'));
    }, 'error', { sounds: ['welcome'] })).message).toContain('the sound "sorry" is not there'); // prettier-ignore
  });

  it('that waits for a key for ever', async () => {
    const script: Script = async (fastagi) => {
      while ((await fastagi.waitForDigit(-1)) !== '1');
    };
    expect((await failure(script, 'silence', { keys: '1' })).message).toContain('WAIT FOR DIGIT -1 waits for ever');
  });

  it('that does not end', async () => {
    const script: Script = async (fastagi) => {
      await fastagi.answer();
      if (!(await fastagi.waitForDigit(1000))) await new Promise(() => undefined);
    };
    expect((await failure(script, 'silence', { keys: '1' })).message).toContain('the script did not end within 5 s');
  });

  it('that leaves the caller in silence', async () => {
    const script: Script = async (fastagi) => {
      await fastagi.answer();
      if (!(await fastagi.waitForDigit(1000))) await fastagi.exec('Wait', 4);
      await fastagi.streamFile('welcome');
    };
    expect((await failure(script, 'silence', { keys: '1' })).message).toContain('the caller heard nothing for 4.0 s');
  });

  it('whose call goes wrong by itself', async () => {
    await expect(everywhere(careful, 'hangup', { keys: '123' })).rejects.toBeInstanceOf(CallTestError);
  });

  it('only by what there is', async () => {
    await expect(everywhere(careful, 'earthquake' as Fault)).rejects.toMatchObject({ code: 'FASTAGI_ARGUMENT_TYPE' });
  });
});

import { expect, it, describe } from 'vitest';
import { HangupError, type Script } from '../../src/index';
import { CallTestError, placeCall, replay, type Caller } from '../../src/testing';

const pin: Script = async (fastagi) => {
  await fastagi.answer();
  const { digits } = await fastagi.getData('enter-pin', 5000, 4);
  await fastagi.setVariable('PIN_OK', digits === '1234' ? 'yes' : 'no');
  await fastagi.databasePut('pins', 'last', digits);
  await fastagi.streamFile(digits === '1234' ? 'welcome' : 'goodbye');
  await fastagi.sayDigits(42);
  await fastagi.goto('queues', 'sales');
};

describe('placeCall', () => {
  it('gives what a call came to', async () => {
    const call = await placeCall(pin, { keys: '1234', database: { 'pins/first': '1' } });
    expect(call).toMatchObject({
      status: 'SUCCESS',
      error: undefined,
      variables: { PIN_OK: 'yes', FASTAGISTATUS: 'SUCCESS' },
      database: { 'pins/first': '1', 'pins/last': '1234' },
      heard: ['enter-pin', 'welcome', 'digits 42'],
      goesOnAt: { context: 'queues', extension: 'sales', priority: '1' },
    });
    expect(call.commands.slice(0, 3)).toEqual(['ANSWER', 'GET DATA "enter-pin" 5000 4', 'SET VARIABLE "PIN_OK" "yes"']);
    expect(call.longestSilence).toBeLessThan(1000);
  });

  it('gives the request to the script', async () => {
    const script: Script = async ({ request, args, query, config, setVariable }) => {
      const { agi_callerid: number, agi_calleridname: name, agi_dnid: dialled } = request;
      await setVariable('got', [number, name, dialled, ...args, query.get('x'), config.sections['own']?.['key']].join(' '));
    };
    const options = {
      callerId: { name: 'Ann', number: '100' },
      request: { dnid: '200' },
      args: ['one', 'two'],
      query: 'x=3',
      config: { own: { key: 'value' } },
      variables: { A: '1' },
    };
    const call = await placeCall(script, options);
    expect(call.variables).toMatchObject({ got: '100 Ann 200 one two 3 value', A: '1' });
  });

  it('takes no time, and says how late things were', async () => {
    const script: Script = async (fastagi) => {
      await fastagi.answer();
      await fastagi.waitForDigit(60_000);
      await fastagi.recordFile('/tmp/x', 'wav', '#', 30_000);
    };
    const call = await placeCall(script);
    expect(call.ladder).toMatch(/200 result=0 +60\.\d ->\n/);
    // The caller was listened to.
    expect(call.longestSilence).toBeLessThan(1000);
  });

  it('counts as silence what a script makes an answered caller wait', async () => {
    const script: Script = async (fastagi) => {
      await fastagi.exec('Wait', 9);
      await fastagi.answer();
      await fastagi.streamFile('please-wait');
      await fastagi.exec('Wait', 3);
      await fastagi.streamFile('done');
      await fastagi.exec('Wait', 1);
    };
    const call = await placeCall(script);
    expect(Math.round(call.longestSilence / 100)).toBe(30);
    expect(call.ladder).toContain('the caller ... hears nothing for 3.0 s');
    expect(call.ladder.match(/hears nothing/g)).toHaveLength(1);
  });

  it('has a caller who listens first', async () => {
    const menu: Script = async (fastagi) => {
      const key = await fastagi.menu({ 1: 'press-1', 2: 'press-2' });
      await fastagi.setVariable('KEY', key ?? 'none');
      await fastagi.streamFile('thanks');
    };
    const call = await placeCall(menu, { caller: (caller) => caller.hears('press-2').presses('2').hears('thanks').hangsUp() });
    expect(call.heard).toEqual(['press-1', 'press-2', 'thanks']);
    expect(call.variables['KEY']).toBe('2');
    expect(call.status).toBe('HANGUP');
    expect(call.error).toBeInstanceOf(HangupError);
    expect(call.ladder).toMatch(/^the caller presses 2 +\d\.\d$/m);
  });

  it('lets the caller wait', async () => {
    const script: Script = async (fastagi) => {
      await fastagi.setVariable('first', (await fastagi.waitForDigit(3000)) ?? 'none');
      await fastagi.setVariable('second', (await fastagi.waitForDigit(3000)) ?? 'none');
    };
    const call = await placeCall(script, { caller: (caller) => caller.waits(4).presses('7') });
    expect(call.variables).toMatchObject({ first: 'none', second: '7' });
  });

  it('hangs up where it is told to', async () => {
    const call = await placeCall(pin, { hangUpAt: 'SET VARIABLE "PIN_OK"', keys: '1234' });
    expect(call.status).toBe('HANGUP');
    expect(call.heard).toEqual(['enter-pin']);
    expect(call.ladder).toContain('the caller hangs up');
  });

  it('gives what the script threw', async () => {
    const call = await placeCall(async () => {
      throw new TypeError('wrong');
    });
    expect(call.status).toBe('FAILURE');
    expect(call.error).toBeInstanceOf(TypeError);
    expect(call.variables['FASTAGIERROR']).toBe('TypeError: wrong');
  });

  it('takes real time if it is asked to', async () => {
    const began = performance.now();
    await placeCall((fastagi) => fastagi.waitForDigit(300), { clock: 'real' });
    expect(performance.now() - began).toBeGreaterThan(250);
  });
});

describe('a call that goes otherwise than its test says', () => {
  const failure = async (...given: Parameters<typeof placeCall>): Promise<CallTestError> =>
    placeCall(...given).then(
      () => expect.fail('it was not noticed'),
      (error: unknown) => error as CallTestError,
    );

  it.each([
    ['keys that nobody wanted', { keys: '12345' }, 'the caller was to press 5, and no command listened for 5'],
    [
      'a prompt that was never heard',
      { caller: (one: Caller) => one.hears('other').presses('1') },
      'the caller waited for "other", which was never heard',
    ],
    ['a hangup that never came', { keys: '1234', hangUpAt: 'RECORD FILE' }, 'the caller was to hang up at RECORD FILE, which never came'],
    ['a sound that is not there', { keys: '1234', sounds: ['enter-pin'] }, 'the sound "welcome" is not there'],
  ])('is noticed: %s', async (_what, options, message) => {
    const error = await failure(pin, options);
    expect(error).toBeInstanceOf(CallTestError);
    expect(error.code).toBe('FASTAGI_TEST_CALL');
    expect(error.message.split('\n')[0]).toBe(message);
    expect(error.message).toContain('<- GET DATA "enter-pin" 5000 4');
    expect(error.call.commands[0]).toBe('ANSWER');
    expect(error.call.ladder).toContain(`\n  ✗ ${message} `);
  });

  it('is kept, and can be replayed', async () => {
    const error = await failure(pin, { keys: '12345' });
    expect(error.message).toContain(`The call is kept: fastagi replay ${error.cassette} --script FILE`);
    expect(await replay(error.cassette ?? '', { script: pin })).toBeGreaterThan(5);
    const other: Script = (fastagi) => fastagi.verbose('something else');
    await expect(replay(error.cassette ?? '', { script: other })).rejects.toThrow(
      /recorded: > ANSWER\n {2}now: {6}> VERBOSE "something else" 1/,
    );
  });

  it('shows where the script threw', async () => {
    const broken: Script = async (fastagi) => {
      await fastagi.getData('enter-pin', 5000, 4);
      throw new Error('the drawer is empty');
    };
    const { ladder } = await placeCall(broken, { keys: '1234' });
    expect(ladder).toMatch(/^ {2}the script threw Error: the drawer is empty at .*place-call\.test\.ts:\d+:\d+\)? +\d+\.\d$/m);
  });

  it('is ended if a command waits for ever', async () => {
    const error = await failure((fastagi) => fastagi.waitForDigit(-1));
    expect(error.message).toMatch(/^WAIT FOR DIGIT -1 waits for ever, and the caller has nothing more to do\n/);
    expect(error.call.status).toBe('HANGUP');
  });

  it('is no call without a function', async () => {
    await expect(placeCall({} as unknown as Script)).rejects.toMatchObject({ code: 'FASTAGI_ARGUMENT_TYPE' });
  });

  it('has no manager', async () => {
    const call = await placeCall((fastagi) => fastagi.manager());
    expect(call.error).toMatchObject({ code: 'FASTAGI_TEST_MANAGER' });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HangupError, type Agi } from '../../../src/index';
import type { AsteriskOptions, ManagerServer } from '../../../src/testing';
import { connected, eventually, keptLog } from '../../manager/support/connected';

type Call = ReturnType<ManagerServer['asyncAgi']>;

/** A manager that serves with this script, and a call that comes. */
async function call(
  script: (agi: Agi) => unknown,
  options: AsteriskOptions = {},
  args: string[] = [],
): Promise<{ asterisk: Call; server: ManagerServer; lines: string[]; idle: () => Promise<void> }> {
  const { lines, log } = keptLog();
  const { server, manager } = await connected({}, { log });
  let begun = false;
  const service = manager.agi((agi) => {
    begun = true;
    return script(agi);
  });
  await manager.ping();
  const asterisk = server.asyncAgi({ args }, options);
  await eventually(() => begun);
  return { asterisk, server, lines, idle: () => eventually(() => service.calls === 0) };
}

const words = ({ commands }: Call): string[] => commands.map((command) => command.trim());

describe('Async AGI', () => {
  it('gives a script what every call gives, and the dialplan its call back', async () => {
    const seen: unknown[] = [];
    const { asterisk, idle } = await call(
      async (agi) => {
        await agi.answer();
        seen.push(agi.args, agi.request['agi_request'], await agi.getVariable('GREETING'), await agi.getVariable('MISSING'));
        await agi.setVariable('RESULT', 'grüß dich, "du"');
        seen.push(await agi.getData('ask', 100, 2));
      },
      { variables: { GREETING: 'two\nlines (of 200 result=1)\n' }, sounds: { ask: 10 } },
      ['one', 'two words'],
    );
    asterisk.press('42');
    await idle();
    expect(seen).toEqual([['one', 'two words'], 'async', 'two\nlines (of 200 result=1)\n', undefined, { digits: '42', timedOut: false }]);
    expect(asterisk.channel.variables.get('RESULT')).toBe(Buffer.from('grüß dich, "du"').toString('latin1'));
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('tells the dialplan of a script that fails, and gives the call back', async () => {
    const { asterisk, lines, idle } = await call(() => Promise.reject(new Error('no database')));
    await idle();
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('FAILURE');
    expect(asterisk.channel.variables.get('FASTAGIERROR')).toBe('Error: no database');
    expect(lines.some((line) => line.startsWith('PJSIP/100-00000001 agi:async: FAILURE: Error: no database'))).toBe(true);
  });

  it('tells a script of a hangup, in a command and between them', async () => {
    const seen: unknown[] = [];
    const { asterisk, idle } = await call(
      async (agi) => {
        agi.signal.addEventListener('abort', () => seen.push('signal'));
        await agi.streamFile('long').catch((error: unknown) => seen.push(error instanceof HangupError));
        seen.push(agi.hungUp, await agi.noop().catch((error: unknown) => error instanceof HangupError));
      },
      { sounds: { long: 60_000 } },
    );
    await eventually(() => words(asterisk).some((line) => line.startsWith('STREAM FILE')));
    asterisk.hangUp();
    await idle();
    expect(seen).toEqual(['signal', true, true, true]);
  });

  it('stores results by the manager after a hangup, and refuses everything else', async () => {
    const seen: unknown[] = [];
    const { asterisk, server, idle } = await call(async (agi) => {
      try {
        await agi.streamFile('long');
      } finally {
        await agi.databasePut('results', '100', 'three of "five"');
        seen.push(await agi.databaseGet('results', '100'), await agi.databaseGet('results', 'none'));
        await agi.databaseDel('results', 'none');
        await agi.databasePut('old', 'a', '1');
        seen.push(await agi.databaseDelTree('old'), await agi.databaseDelTree('old'));
        seen.push(await agi.setVariable('A', '1').catch((error: unknown) => (error as Error).name));
        seen.push(await agi.noop().catch((error: unknown) => (error as Error).name));
      }
    }, { sounds: { long: 10_000 } }); // prettier-ignore
    await eventually(() => words(asterisk).length > 0);
    asterisk.hangUp();
    await idle();
    // The strict server's channel is gone at once.
    expect(seen).toEqual(['three of "five"', undefined, true, false, 'HangupError', 'HangupError']);
    expect(server.database.get('results/100')).toBe('three of "five"');
  });

  it('fails commands that wait behind another when the caller hangs up', async () => {
    let failed = 0;
    const { asterisk, idle } = await call(
      async (agi) => {
        const all = [agi.streamFile('long'), agi.setVariable('A', '1'), agi.setVariable('B', '2')];
        for (const one of all) one.catch((error: unknown) => (failed += error instanceof HangupError ? 1 : 0));
        await Promise.allSettled(all);
      },
      { sounds: { long: 60_000 } },
    );
    await eventually(() => words(asterisk).length > 0);
    asterisk.hangUp();
    await idle();
    expect(failed).toBe(3);
  });

  it('stops a playback in the middle', async () => {
    const seen: unknown[] = [];
    const { asterisk, server, idle } = await call(
      async (agi) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error('enough')), 20);
        await agi.streamFile('long', '', 0, { signal: controller.signal }).catch((error: unknown) => seen.push((error as Error).message));
        seen.push(await agi.getVariable('X'));
      },
      { sounds: { long: 60_000 }, variables: { X: 'in step' } },
    );
    await idle();
    expect(seen).toEqual(['enough', 'in step']);
    expect(server.actions.find(({ name }) => name === 'ControlPlayback')?.fields).toEqual([['Channel', asterisk.channel.name], ['Control', 'stop']]); // prettier-ignore
  });

  it('serves many channels over one connection', async () => {
    const { server, manager } = await connected();
    const service = manager.agi(async (agi) => {
      for (let count = 1; count <= 5; count++) {
        await sleep(1);
        await agi.setVariable('COUNT', `${agi.request['agi_channel']} ${count}`);
      }
    });
    await manager.ping();
    const calls = Array.from({ length: 50 }, (_, index) => server.asyncAgi({}, { channel: `SIP/${index}` }));
    await eventually(() => service.calls === 50);
    await eventually(() => service.calls === 0);
    expect(calls.map(({ channel }) => channel.variables.get('COUNT'))).toEqual(calls.map((_, index) => `SIP/${index} 5`));
    expect(server.clients).toBe(1);
  });

  it('gives scripts the manager that serves them', async () => {
    let own: unknown;
    const { server, manager } = await connected();
    const service = manager.agi(async (agi) => {
      own = await agi.manager();
    });
    await manager.ping();
    server.asyncAgi();
    await eventually(() => own !== undefined && service.calls === 0);
    expect(own).toBe(manager);
  });

  it('lets a script give the call back itself', async () => {
    const { asterisk, idle } = await call(async (agi) => {
      await agi.asyncAgiBreak();
    });
    await idle();
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
    expect(asterisk.channel.variables.get('FASTAGIERROR')).toBe('');
  });

  it('tells a sound that is missing, after which Asterisk serves the call no more, from a hangup', async () => {
    const seen: unknown[] = [];
    let isHungUp: boolean | undefined;
    const { asterisk, idle } = await call(async (agi) => {
      await agi.streamFile('missing').catch((error: unknown) => seen.push(error));
      await agi.noop().catch((error: unknown) => seen.push(error));
      isHungUp = agi.hungUp;
    });
    await idle();
    expect(seen).toMatchObject([
      { code: 'FASTAGI_COMMAND_FAILED', command: 'STREAM FILE' },
      {
        code: 'FASTAGI_SESSION_ENDED',
        message: expect.stringContaining('gave the call back to the dialplan, NOOP has no answer') as string,
      },
    ]);
    expect(isHungUp).toBe(false);
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('FAILURE');
    expect(asterisk.channel.variables.get('FASTAGIERROR')).toBe('Asterisk ended Async AGI, as it does when a command fails');
  });

  it('refuses a line that the manager does not take', async () => {
    let error: unknown;
    const { asterisk, idle } = await call(async (agi) => {
      await agi.setVariable('FITS', 'x'.repeat(900));
      error = await agi.setVariable('LONG', 'x'.repeat(1000)).catch((thrown: unknown) => thrown);
    });
    await idle();
    expect(error).toMatchObject({ code: 'FASTAGI_ARGUMENT_LONG' });
    expect(asterisk.channel.variables.get('FITS')).toHaveLength(900);
  });

  it('follows a channel that Asterisk renames', async () => {
    let isRenamed = false;
    const { asterisk, server, idle } = await call(async (agi) => {
      await eventually(() => isRenamed);
      await agi.setVariable('A', '1');
    });
    server.rename(asterisk.channel.name, 'SIP/new');
    isRenamed = true;
    await idle();
    expect(asterisk.channel.variables.get('A')).toBe('1');
  });

  it.each([
    ['the script works on by itself', '', 20],
    ['a command is sent at once', '', 0],
    ['keys are waited for', '1', 20],
  ])('follows a call whose channel a transfer replaces, while %s', async (_what, key, pause) => {
    let [isWaiting, isReplaced, pressed]: [boolean, boolean, unknown] = [false, false, undefined];
    const { asterisk, server, idle } = await call(async (agi) => {
      if (key !== '') {
        const waited = agi.waitForDigit(5000);
        isWaiting = true;
        pressed = await waited;
      }
      isWaiting = true;
      await eventually(() => isReplaced);
      await Promise.all([agi.setVariable('A', '1'), agi.setVariable('B', '2'), agi.setVariable('C', '3')]);
    });
    const { name } = asterisk.channel;
    await eventually(() => isWaiting);
    await sleep(20);
    server.replace(name, 'PJSIP/new');
    await sleep(pause);
    isReplaced = true;
    if (key !== '') asterisk.press(key);
    await idle();
    const { variables } = asterisk.channel;
    expect([pressed, ...['A', 'B', 'C', 'FASTAGISTATUS'].map((one) => variables.get(one))]).toEqual([
      key || undefined,
      '1',
      '2',
      '3',
      'SUCCESS',
    ]);
  });

  it('reports the hangup of a call that no channel has taken over', async () => {
    let error: unknown;
    const { asterisk, server, idle } = await call(async (agi) => {
      error = await agi.waitForDigit(-1).catch((thrown: unknown) => thrown);
    });
    await sleep(20);
    asterisk.channel.variables.delete('FASTAGICALL');
    server.replace(asterisk.channel.name, 'PJSIP/new');
    await idle();
    expect(error).toMatchObject({ code: 'FASTAGI_HANGUP' });
  });

  it('takes no further calls once it is closed, and waits for those that are there', async () => {
    const { server, manager } = await connected();
    let served = 0;
    const service = manager.agi(async (agi) => {
      served++;
      await sleep(30);
      await agi.setVariable('DONE', '1');
    });
    await manager.ping();
    const { channel } = server.asyncAgi({}, { channel: 'SIP/1' });
    await eventually(() => served === 1);
    const closed = service.close();
    server.asyncAgi({}, { channel: 'SIP/2' });
    await closed;
    expect([served, channel.variables.get('DONE'), service.calls]).toEqual([1, '1', 0]);
  });

  it('gives calls back to the dialplan whose results were lost with the connection', async () => {
    const seen: unknown[] = [];
    const { asterisk, server, idle } = await call(
      async (agi) => {
        await agi.streamFile('long').catch((error: unknown) => seen.push(error instanceof HangupError));
      },
      { sounds: { long: 100 } },
    );
    await eventually(() => words(asterisk).length > 0);
    server.drop();
    await idle();
    expect(seen).toEqual([true]);
    await eventually(() => server.actions.some((action) => action.get('Command') === 'ASYNCAGI BREAK'));
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('FAILURE');
    expect(asterisk.channel.variables.get('FASTAGIERROR')).toBe('the connection to the manager was lost during the call');
  });
});

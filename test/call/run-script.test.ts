import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Agi } from '../../src/call/agi';
import { ScriptError } from '../../src/ground/errors';
import { ScriptExit } from '../../src/ground/script-exit';
import { hostCall } from '../support/call-host';
import { environment, politeAnswer, variableSet } from '../support/peer';

const whole = environment('x.js');

describe('a script', () => {
  it.each<[what: string, script: () => unknown, outcome: object]>([
    ['throws', () => { throw new Error('boom'); }, { status: 'FAILURE', reason: 'Error: boom' }],
    ['throws a text', () => { throw 'text'; }, { status: 'FAILURE', reason: 'something else than an Error was thrown: text' }], // oxlint-disable-line no-throw-literal
    ['throws what cannot be printed', () => { throw Object.create(null); }, { reason: 'something was thrown that cannot be printed' }],
    ['leaves with 0', () => { throw new ScriptExit(0); }, { status: 'SUCCESS' }],
    ['leaves with 3', () => { throw new ScriptExit(3); }, { status: 'FAILURE', reason: 'the script called process.exit(3)' }],
  ])('that %s', async (_what, script, outcome) => {
    const { over, log, mails } = await hostCall(whole, { script });
    const found = await over;
    expect(found).toMatchObject(outcome);
    expect(found?.isDefect).toBeUndefined();
    expect(mails).toHaveLength(found?.status === 'SUCCESS' ? 0 : 1);
    if (found?.status === 'FAILURE') expect(log[0]).toMatch(/^error PJSIP\/100-00000001 x\.js: FAILURE: .* \(\d+ ms, 0 commands\)/);
  }); // prettier-ignore

  it('that our own code cannot load is a defect of ours, unless it is an error of our own making', async () => {
    const failing = (error: Error) =>
      hostCall(whole, {
        host: {
          load() {
            throw error;
          },
        },
      });
    expect(await (await failing(new TypeError('x'))).over).toMatchObject({ isDefect: true });
    expect((await (await failing(new ScriptError('FASTAGI_SCRIPT_LOAD', 'x', { status: 'FAILURE' }))).over)?.isDefect).toBeUndefined();
    expect((await (await failing(new ScriptExit(3))).over)?.isDefect).toBeUndefined();
  });

  it('that returns before its commands are answered is waited for, and told', async () => {
    const { peer, over, log } = await hostCall(whole, {
      script: (agi) => {
        void agi.noop('one');
        void agi.noop('two');
      },
    });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
    expect(peer.commands.slice(0, 2)).toEqual(['NOOP "one"', 'NOOP "two"']);
    expect(log[0]).toMatch(/warn .* returned while NOOP, NOOP were under way; write await before it/);
    const one = await hostCall(whole, { script: (agi) => void agi.noop('one') });
    expect(await one.over).toMatchObject({ status: 'SUCCESS' });
    expect(one.peer.commands[0]).toBe('NOOP "one"');
    expect(one.log[0]).toMatch(/warn .* returned while NOOP was under way; write await before it/);
  });

  it('whose caller hung up before it ended', async () => {
    const { over, mails } = await hostCall(whole, {
      script: (agi) => agi.noop(),
      answer: (line) => (line === 'NOOP' ? '200 result=0\nHANGUP\n' : politeAnswer(line)),
    });
    expect(await over).toMatchObject({ status: 'HANGUP', reason: 'the channel is gone: the caller hung up before the script ended' });
    expect(mails).toEqual([]);
  });

  it('that hears no reply fails, whatever it is doing', async () => {
    const { peer, over } = await hostCall(whole, {
      script: () => new Promise(() => undefined),
      answer: politeAnswer,
    });
    setTimeout(() => peer.socket.write('this is no reply\n'), 20);
    expect(await over).toMatchObject({ status: 'FAILURE', error: { code: 'FASTAGI_REPLY_MALFORMED' } });
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
  });

  it('that is ended in the middle of a command is reported at once', async () => {
    let breakWith: (error: unknown) => unknown = () => undefined;
    const { peer, over } = await hostCall(whole, {
      script: (agi) => agi.waitForDigit(-1),
      host: { contain: (call, run) => ((breakWith = call.breakWith), run()) },
    });
    await peer.seen(/^WAIT FOR DIGIT/);
    breakWith(new Error('broken'));
    expect(await over).toMatchObject({ status: 'FAILURE', reason: 'Error: broken' });
    expect(variableSet(peer, 'FASTAGIERROR')).toBe('Error: broken');
    expect(breakWith(new Error('too late'))).toBe(false);
  });

  it('shows request and settings in debug mode, without secrets', async () => {
    const { peer, over } = await hostCall(whole, { sections: { phpagi: { debug: 'yes' }, asmanager: { secret: 'hunter2' } } });
    await over;
    expect(peer.commands[0]).toBe('VERBOSE "fastagi: request" 1');
    expect(peer.commands.slice(0, -1).every((line) => line.startsWith('VERBOSE '))).toBe(true);
    const [request = '', settings = '', more] = peer
      .bytes()
      .split(/VERBOSE "fastagi: (?:request|configuration)" 1\n/)
      .slice(1);
    expect(more).toBeUndefined();
    expect(request).toContain('agi_channel');
    expect(settings).toContain('hangupGrace');
    expect(settings).toContain('****');
    expect(settings).not.toContain('hunter2');
    expect(settings).toContain('[sections] => " 1');
  });

  it('that hangs up its own channel by its name or its unique id has ended by itself', async () => {
    for (const name of [undefined, 'PJSIP/100-00000001', '1700000000.1']) {
      const { over } = await hostCall(environment('x.js', { agi_uniqueid: '1700000000.1' }), {
        script: (agi) => agi.hangup(name),
        answer: (line) => (line.startsWith('HANGUP') ? '200 result=1\nHANGUP\n' : politeAnswer(line)),
      });
      expect(await over).toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('that hangs up another channel goes on', async () => {
    const { over } = await hostCall(whole, {
      script: (agi) => agi.hangup('PJSIP/200'),
      answer: (line) => (line.startsWith('HANGUP') ? '200 result=1\nHANGUP\n' : politeAnswer(line)),
    });
    expect(await over).toMatchObject({ status: 'HANGUP' });
  });

  it('is given the request, its arguments, and the bytes that came too early', async () => {
    const seen: unknown[] = [];
    const { over } = await hostCall(`${environment('x.js', { agi_arg_1: 'one', agi_arg_2: '' })}HANGUP\n`, {
      script: (agi) => void seen.push(agi.args, agi.request['agi_callerid'], agi.audio),
    });
    expect(await over).toMatchObject({ status: 'HANGUP' });
    expect(seen).toEqual([['one', ''], '100', undefined]);
    const classic = await hostCall(whole, {
      kind: { network: false, args: ['own'], audio: () => 'audio' as never },
      script: (agi) => void seen.push(agi.args, agi.audio),
    });
    await classic.over;
    expect(seen.slice(3)).toEqual([['own'], 'audio']);
  });

  it('lets the dialplan go on, and goes on itself', async () => {
    let thenClosed = false;
    const { peer, over, log, events } = await hostCall(whole, {
      kind: { network: false },
      script: async (agi) => {
        await agi.release();
        thenClosed = events.includes('closed');
        await agi.release();
        await expect(agi.noop()).rejects.toMatchObject({ code: 'FASTAGI_RELEASED' });
      },
    });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
    expect(peer.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(log[0]).toMatch(/warn .*release: Asterisk waits for a program of classic AGI/);
    expect(thenClosed).toBe(true);
  });

  it('that releases the call after a hangup reports that', async () => {
    const { peer, over, log } = await hostCall(whole, {
      script: async (agi) => {
        await agi.noop();
        await agi.release();
      },
      answer: (line) => (line === 'NOOP' ? '200 result=0\nHANGUP\n' : politeAnswer(line)),
    });
    await over;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
    expect(variableSet(peer, 'FASTAGIERROR')).toBe('the channel is gone: the caller hung up before release');
    expect(log.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  describe('that goes on without its caller', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
    afterEach(() => void vi.useRealTimers());

    it.each<[after: string, act: (agi: Agi) => Promise<unknown>]>([
      ['the caller hung up', (agi) => agi.noop()],
      ['it had released the call', (agi) => agi.release()],
    ])('has its grace after %s', async (after, act) => {
      let isReady: () => void = () => undefined;
      const ready = new Promise<void>((resolve) => (isReady = resolve));
      const { over, log } = await hostCall(whole, {
        sections: { fastagi: { hangup_grace: '7' } },
        script: async (agi) => {
          await act(agi);
          isReady();
          await new Promise(() => undefined);
        },
        answer: (line) => (line === 'NOOP' ? '200 result=0\nHANGUP\n' : politeAnswer(line)),
      });
      await ready;
      await vi.advanceTimersByTimeAsync(7000);
      await over;
      expect(log[0]).toMatch(`the script had not ended 7 s after ${after}, and was ended (hangup_grace)`);
    });
  });
});

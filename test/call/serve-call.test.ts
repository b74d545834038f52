import { describe, expect, it, vi } from 'vitest';
import { ConfigError, IdentityError, ScriptError } from '../../src/ground/errors';
import { ScriptExit } from '../../src/ground/script-exit';
import { hostCall } from '../support/call-host';
import { environment, politeAnswer, variableSet } from '../support/peer';

const whole = environment('x.js');

describe('a call', () => {
  it('goes from its first byte to the close', async () => {
    const { peer, over, log, events, mails } = await hostCall(whole, {
      script: async (agi) => {
        await agi.setVariable('test', agi.request['agi_channel'] ?? '');
      },
    });
    expect(await over).toEqual({ status: 'SUCCESS', reason: '', error: undefined });
    await peer.closed;
    expect(peer.commands).toEqual(['SET VARIABLE "test" "PJSIP/100-00000001"', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(log).toEqual([expect.stringMatching(/^info PJSIP\/100-00000001 x\.js: SUCCESS \(\d+ ms, 1 command\)$/)]);
    expect(events).toEqual(['closed', 'manager closed']);
    expect(mails).toEqual([]);
  });

  it('says nothing of a success if calls are not logged', async () => {
    const { over, log } = await hostCall(whole, { sections: { fastagi: { log_calls: 'no' } } });
    await over;
    expect(log).toEqual([]);
  });

  it('takes its request in pieces, cut at each place', async () => {
    for (let at = 0; at <= whole.length; at += 7) {
      const { peer, over } = await hostCall(whole.slice(0, at), { script: (agi) => agi.noop(agi.request['agi_threadid']) });
      setTimeout(() => peer.socket.write(whole.slice(at)), 1);
      expect(await over).toMatchObject({ status: 'SUCCESS' });
      expect(peer.commands[0]).toBe('NOOP "1"');
    }
  });

  it('that nobody made leaves no line', async () => {
    const { peer, over, log, events } = await hostCall('', {});
    peer.socket.end();
    expect(await over).toBeUndefined();
    expect(log).toEqual([]);
    expect(events).toEqual(['closed']);
  });

  it.each([
    ['GET / HTTP/1.1\r\n\r\n', /^error connection from 127\.0\.0\.1: /],
    ['agi_network: yes\nagi_n', /^error connection from 127\.0\.0\.1: the connection ended after 22 bytes/],
  ])('that is none is a line in the log: %j', async (bytes, line) => {
    const { peer, over, log } = await hostCall(bytes, {});
    peer.socket.end();
    const outcome = await over;
    expect(outcome).toMatchObject({ status: 'FAILURE' });
    expect(outcome?.isDefect).toBeUndefined();
    expect(log).toEqual([expect.stringMatching(line)]);
    expect(peer.commands).toEqual([]);
  });

  it('that began as Asterisk begins is told why it ends', async () => {
    const { peer, over } = await hostCall(`agi_network: yes\nagi_x: ${'x'.repeat(70_000)}`, {});
    expect(await over).toMatchObject({ status: 'FAILURE', error: { code: 'FASTAGI_ENVIRONMENT_LARGE' } });
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(/65,?536|64 KiB/);
  });

  it('goes on with what is to be done when something of it fails', async () => {
    const { over, log, events } = await hostCall(whole, {
      script: () => {
        throw new Error('boom');
      },
      host: { mail: () => Promise.reject(new Error('no mail')) },
    });
    await over;
    expect(log).toContain('error after the call: no mail');
    expect(events).toEqual(['closed', 'manager closed']);
  });
});

describe('a refusal', () => {
  const refusals: readonly [what: string, options: Parameters<typeof hostCall>[1], status: string, code: string][] = [
    ['by the settings', { host: { settingsError: new ConfigError('FASTAGI_CONFIG_VALUE', 'x') } }, 'FAILURE', 'FASTAGI_CONFIG_VALUE'],
    ['of a list that is none', { sections: { fastagi: { proxy_protocol: 'x' } } }, 'FAILURE', 'FASTAGI_CONFIG_VALUE'],
    [
      'of a script that is not there',
      { kind: { locate: () => { throw new ScriptError('FASTAGI_SCRIPT_NOTFOUND', 'x', { status: 'NOTFOUND' }); } } },
      'NOTFOUND',
      'FASTAGI_SCRIPT_NOTFOUND',
    ],
    ['by the host', { host: { admit: () => Promise.reject(new IdentityError('FASTAGI_IDENTITY', 'x')) } }, 'FAILURE', 'FASTAGI_IDENTITY'],
  ]; // prettier-ignore

  it.each(refusals)('%s is reported, and nothing runs', async (_what, options, status, code) => {
    const script = vi.fn();
    const { peer, over, mails } = await hostCall(whole, { script, ...options });
    expect(await over).toMatchObject({ status, error: { code } });
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe(status);
    expect(variableSet(peer, 'FASTAGIERROR')).not.toBe('');
    expect(script).not.toHaveBeenCalled();
    expect(mails).toHaveLength(1);
  });

  it('of a stranger says nothing but that', async () => {
    const { peer, over, log } = await hostCall(whole, { sections: { fastagi: { allow: '192.0.2.7', error_playback: 'sorry' } } });
    expect(await over).toMatchObject({ status: 'FORBIDDEN' });
    expect(peer.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "FORBIDDEN"']);
    expect(log).toEqual([expect.stringContaining('calls from 127.0.0.1 are not allowed')]);
  });

  it('is none if another process has the call', async () => {
    const { peer, over, log, events } = await hostCall(whole, { host: { admit: async () => 'elsewhere' } });
    expect(await over).toBeUndefined();
    expect([peer.commands, log, events]).toEqual([[], [], ['closed']]);
  });
});

describe('a proxy', () => {
  const header = 'PROXY TCP4 192.0.2.7 192.0.2.1 5000 4573\r\n';
  const through = (sections: Record<string, string>, bytes = header + whole) => hostCall(bytes, { sections: { fastagi: sections } });

  it('names who calls, if it is listed', async () => {
    expect(await (await through({ proxy_protocol: '127.0.0.1', allow: '192.0.2.7' })).over).toMatchObject({ status: 'SUCCESS' });
    expect(await (await through({ proxy_protocol: '127.0.0.0/8', allow: '127.0.0.1' })).over).toMatchObject({ status: 'FORBIDDEN' });
  });

  it('must begin with a header, and nobody else may', async () => {
    expect(await (await through({ proxy_protocol: '127.0.0.1' }, whole)).over).toMatchObject({ error: { code: 'FASTAGI_PROXY_HEADER' } });
    expect(await (await through({ proxy_protocol: '192.0.2.1' })).over).toMatchObject({ error: { code: 'FASTAGI_ENVIRONMENT_MALFORMED' } });
  });
});

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
    expect(peer.bytes()).toContain('fastagi: configuration');
    expect(peer.bytes()).not.toContain('hunter2');
  });

  it('lets the dialplan go on, and goes on itself', async () => {
    const { peer, over, log, events } = await hostCall(whole, {
      kind: { network: false },
      script: async (agi) => {
        await agi.release();
        await agi.release();
        await expect(agi.noop()).rejects.toMatchObject({ code: 'FASTAGI_RELEASED' });
      },
    });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
    expect(peer.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(log[0]).toMatch(/warn .*release: Asterisk waits for a program of classic AGI/);
    expect(events).toContain('closed');
  });
});

import { describe, expect, it, vi } from 'vitest';
import { ConfigError, IdentityError, ScriptError } from '../../src/ground/errors';
import { hostCall } from '../support/call-host';
import { environment, variableSet } from '../support/peer';

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
    expect(Number(/\((\d+) ms/.exec(log[0] ?? '')?.[1])).toBeLessThan(60_000);
    expect(events).toEqual(['closed', 'manager closed']);
    expect(mails).toEqual([]);
  });

  it('runs a script that has to be waited for', async () => {
    const { over, peer } = await hostCall(whole, { host: { load: async () => (agi) => agi.noop('loaded') } });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
    expect(peer.commands[0]).toBe('NOOP "loaded"');
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

  it('that began as Asterisk begins is reported behind all that still comes', async () => {
    const { peer, over } = await hostCall(`agi_network: yes\nagi_x: ${'x'.repeat(70_000)}`, {});
    peer.socket.write('\nagi_y: y\n\n');
    await over;
    expect(peer.commands[0]).toMatch(/^GET FULL VARIABLE/);
    expect(peer.commands[1]).toBe('SET VARIABLE "FASTAGISTATUS" "FAILURE"');
  });

  it('that our own code cannot serve is a line in the log, and a defect', async () => {
    const nameOf = (): never => {
      throw new TypeError('ours');
    };
    const { over, log } = await hostCall(whole, { kind: { nameOf } });
    expect(await over).toMatchObject({ status: 'FAILURE', isDefect: true });
    expect(log[0]).toMatch(/^error TypeError: ours/);
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

  it('of a list that is none names the list', async () => {
    const { over } = await hostCall(whole, { sections: { fastagi: { proxy_protocol: 'x' } } });
    expect((await over)?.reason).toMatch(/^\[fastagi\] proxy_protocol: x is neither an address nor a network/);
  });

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

  it('of strangers is for networks alone', async () => {
    const { over } = await hostCall(whole, { kind: { network: false }, sections: { fastagi: { allow: '192.0.2.7' } } });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
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

  it('is none in classic AGI', async () => {
    const { over } = await hostCall(whole, { kind: { network: false }, sections: { fastagi: { proxy_protocol: '127.0.0.1' } } });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
  });

  it('that only looks whether the port is open leaves no line; one that stops in its header does', async () => {
    for (const [bytes, lines] of [['', []], ['PROXY TCP4 192', [expect.stringContaining('the connection ended after 14 bytes')]]] as const) {
      const { peer, over, log } = await through({ proxy_protocol: '127.0.0.1' }, bytes);
      peer.socket.end();
      await over;
      expect(log).toEqual(lines);
    } // prettier-ignore
  });

  it('must begin with a header, and nobody else may', async () => {
    expect(await (await through({ proxy_protocol: '127.0.0.1' }, whole)).over).toMatchObject({ error: { code: 'FASTAGI_PROXY_HEADER' } });
    expect(await (await through({ proxy_protocol: '192.0.2.1' })).over).toMatchObject({ error: { code: 'FASTAGI_ENVIRONMENT_MALFORMED' } });
  });
});

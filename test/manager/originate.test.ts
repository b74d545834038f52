import { describe, expect, it } from 'vitest';
import type { ManagerAction } from '../../src/testing';
import { connected, eventually } from './support/connected';

describe('originate', () => {
  it('gives what became of the call', async () => {
    const { server, manager } = await connected();
    const result = await manager.originate({
      channel: 'Local/1@default',
      place: { context: 'default', extension: '2' },
      variables: { A: 'a,b"c\\d', B: 2 },
      callerId: '"Ann" <100>',
      timeout: 5000,
    });
    expect(result).toEqual({ answered: true, reason: 'answered', channel: 'Local/1@default-00000001;1', uniqueId: '1.1' });
    const action = server.actions.find(({ name }) => name === 'Originate');
    expect(action?.all('Variable')).toEqual(['A=a\\,b\\"c\\\\d', 'B=2']);
    expect(action?.get('Async')).toBe('true');
    expect([...(server.channels.get('Local/1@default-00000001;1') ?? [])]).toEqual([['A', 'a,b"c\\d'], ['B', '2']]); // prettier-ignore
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Events').map((events) => events.get('EventMask'))).toEqual(['call', 'off']);
  });

  it.each([
    [0, 'failed'],
    [1, 'hangup'],
    [3, 'noAnswer'],
    [5, 'busy'],
    [8, 'congestion'],
  ])('reason %i is %s', async (code, reason) => {
    const Originate: ManagerAction = ({ id }, asterisk) => {
      // Asterisk may be done with the call before the answer is read.
      asterisk.emit('OriginateResponse', { ActionID: 'of somebody else', Response: 'Success', Reason: 4 }, 'call');
      asterisk.emit(
        'OriginateResponse',
        { ActionID: id, Response: 'Failure', Channel: 'Local/1', Reason: code, Uniqueid: '<null>' },
        'call',
      );
      return { message: 'Originate successfully queued' };
    };
    const { manager } = await connected({ actions: { Originate } });
    expect(await manager.originate({ channel: 'Local/1', application: 'Wait', data: '1' })).toMatchObject({
      answered: false,
      reason,
      uniqueId: undefined,
    });
  });

  it('does not wait where it is told so', async () => {
    const { server, manager } = await connected({ actions: { Originate: () => ({ message: 'queued' }) } });
    expect(await manager.originate({ channel: 'Local/1', application: 'Wait', async: true })).toMatchObject({ reason: 'queued' });
    expect(server.actions.some(({ name }) => name === 'Events')).toBe(false);
  });

  it('fails where Asterisk refuses it, and where the connection is lost', async () => {
    const { server, manager } = await connected({
      actions: { Originate: (action) => (action.get('Channel') === 'wrong' ? { error: 'Invalid channel' } : { message: 'queued' }) },
    });
    await expect(manager.originate({ channel: 'wrong' })).rejects.toThrow('Originate: Asterisk refused it: Invalid channel');
    const waiting = manager.originate({ channel: 'right' });
    waiting.catch(() => undefined);
    await eventually(() => server.actions.filter(({ name }) => name === 'Originate').length === 2);
    await manager.ping();
    server.drop();
    await expect(waiting).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_UNTOLD' });
  });

  it('stops waiting when a signal fires', async () => {
    const { manager } = await connected({ actions: { Originate: () => ({ message: 'queued' }) } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(manager.originate({ channel: 'Local/1', signal: controller.signal })).rejects.toThrow('enough');
  });
});

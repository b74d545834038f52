import { describe, expect, it } from 'vitest';
import type { ManagerAction, ManagerState } from '../../src/testing';
import { connected, eventually } from './support/connected';

/** Answers with these events, perhaps before the action itself is answered. */
function answering(tell: (id: { action: string; channel: string }, asterisk: ManagerState) => void): ManagerAction {
  return (action, asterisk) => {
    tell({ action: action.id ?? '', channel: action.get('ChannelId') ?? '' }, asterisk);
    return { message: 'Originate successfully queued' };
  };
}

describe('originate', () => {
  it('gives what became of the call, whose id it chose', async () => {
    const { server, manager } = await connected();
    const result = await manager.originate({
      channel: 'Local/1@default',
      context: 'default',
      extension: '2',
      variables: { A: 'a,b"c\\d', B: 2 },
      callerId: '"Ann" <100>',
      timeout: 5000,
    });
    expect(result).toMatchObject({ outcome: 'answered', channel: 'Local/1@default-00000001;1', cause: undefined });
    const action = server.actions.find(({ name }) => name === 'Originate');
    expect(Object.fromEntries(action?.fields ?? [])).toMatchObject({
      Async: 'true', Context: 'default', Exten: '2', Priority: '1', Timeout: '5000', CallerID: '"Ann" <100>',
      ChannelId: result.uniqueid, OtherChannelId: `${result.uniqueid}-2`,
    }); // prettier-ignore
    expect(result.uniqueid).toMatch(/^fastagi-[0-9a-f]{16}$/);
    expect([...(server.channels.get('Local/1@default-00000001;1') ?? [])]).toEqual([['A', 'a,b"c\\d'], ['B', '2']]); // prettier-ignore
    server.emit('Hangup', { Uniqueid: 'of somebody else', Cause: 1 }, 'call');
    server.emit('Hangup', { Uniqueid: result.uniqueid, Cause: 16, 'Cause-txt': 'Normal Clearing' }, 'call');
    expect(await result.ended).toEqual({ cause: 16, text: 'Normal Clearing' });
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Events').map((events) => events.get('EventMask'))).toEqual([
      'system,call',
      'system',
    ]);
    expect(server.filters).toEqual(['FullyBooted', 'Shutdown', 'OriginateResponse', 'Hangup'].map((name) => `name(${name})`));
  });

  it.each([
    [0, 'failed'],
    [1, 'failed'],
    [3, 'noAnswer'],
    [4, 'failed'],
    [5, 'busy'],
    [8, 'congestion'],
  ])('of a failure, reason %i is %s, though its event has no unique id', async (code, outcome) => {
    const Originate = answering(({ action, channel }, asterisk) => {
      // Asterisk may be done with the call before the answer is read.
      asterisk.emit('OriginateResponse', { ActionID: 'of somebody else', Response: 'Success', Reason: 4 }, 'call');
      asterisk.emit('Hangup', { Uniqueid: channel, Cause: 17 }, 'call');
      asterisk.emit('OriginateResponse', { ActionID: action, Response: 'Failure', Reason: code, Uniqueid: '<unknown>' }, 'call');
    });
    const { server, manager } = await connected({ actions: { Originate } });
    const result = await manager.originate({ channel: 'Local/1', application: 'Wait', data: '1' });
    expect(result).toMatchObject({
      outcome,
      channel: undefined,
      cause: 17,
      uniqueid: server.actions.find(({ name }) => name === 'Originate')?.get('ChannelId'),
    });
    expect(await result.ended).toEqual({ cause: 17, text: '' });
  });

  it('of what never was a channel has no cause', async () => {
    const Originate = answering(({ action }, asterisk) =>
      asterisk.emit('OriginateResponse', { ActionID: action, Response: 'Failure', Reason: 0, Uniqueid: '<unknown>' }, 'call'),
    );
    const { manager } = await connected({ actions: { Originate } });
    const result = await manager.originate({ channel: 'Local/1', application: 'Wait' });
    expect(result).toMatchObject({ outcome: 'failed', cause: undefined });
    expect(await result.ended).toBeUndefined();
  });

  it('fails if Asterisk refuses it, and if the connection ends', async () => {
    const { server, manager } = await connected({
      actions: { Originate: (action) => (action.get('Channel') === 'wrong' ? { error: 'Invalid channel' } : { message: 'queued' }) },
    });
    await expect(manager.originate({ channel: 'wrong', application: 'Wait' })).rejects.toThrow(
      'Originate: Asterisk refused it: Invalid channel',
    );
    const waiting = manager.originate({ channel: 'right', application: 'Wait' });
    waiting.catch(() => undefined);
    await eventually(() => server.actions.filter(({ name }) => name === 'Originate').length === 2);
    await manager.ping();
    server.drop();
    await expect(waiting).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_KICKED' });
  });

  it('rejects the end of a call that is lost with the connection, and nobody has to look', async () => {
    const { server, manager } = await connected();
    const { ended } = await manager.originate({ channel: 'Local/1', application: 'Wait' });
    await manager.originate({ channel: 'Local/2', application: 'Wait' });
    server.drop();
    await expect(ended).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_KICKED' });
  });

  it('hangs up what rings when a signal fires', async () => {
    let isThere = false;
    const { server, manager } = await connected({
      actions: {
        Originate: () => ({ message: 'queued' }),
        // Asterisk has taken the action, and makes the channel a moment later.
        Hangup() {
          const answer = isThere ? { message: 'Channel Hungup' } : { error: 'No such channel' };
          isThere = true;
          return answer;
        },
      },
    });
    const controller = new AbortController();
    const calling = manager.originate({ channel: 'Local/1', application: 'Wait', signal: controller.signal });
    await eventually(() => server.actions.some(({ name }) => name === 'Originate'));
    await manager.ping();
    controller.abort(new Error('enough'));
    await expect(calling).rejects.toThrow('enough');
    await manager.ping();
    const id = server.actions.find(({ name }) => name === 'Originate')?.get('ChannelId');
    expect(server.actions.filter(({ name }) => name === 'Hangup').map((hangup) => hangup.get('Channel'))).toEqual([id, id]);
    await expect(manager.originate({ channel: 'Local/1', application: 'Wait', signal: controller.signal })).rejects.toThrow('enough');
    expect(server.actions.filter(({ name }) => name === 'Originate')).toHaveLength(1);
  });

  it('takes an id of its own', async () => {
    const { manager } = await connected();
    expect(await manager.originate({ channel: 'Local/1', application: 'Wait', channelId: 'mine' })).toMatchObject({ uniqueid: 'mine' });
  });
});

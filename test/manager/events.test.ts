import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Dropped, ManagerEvent } from '../../src/manager';
import { filtersByName } from '../../src/manager/subscriptions';
import { connected, eventually, keptLog } from './support/connected';

/** A header of an event, or how many were dropped there. */
const seen = (item: ManagerEvent | Dropped | undefined, header: string): unknown =>
  item === undefined ? undefined : 'dropped' in item ? { dropped: item.dropped } : item.get(header);

describe('handlers', () => {
  it('are called for events of their name, however capitalised, and * for every event', async () => {
    const { server, manager } = await connected();
    const heard: string[] = [];
    manager.on('hangup', (event) => heard.push(`hangup ${event.get('channel')}`));
    const off = manager.on('*', (event) => heard.push(`* ${event.name}`));
    await manager.ping();
    server.emit('Hangup', { Channel: 'SIP/1' });
    server.emit('Newchannel', { Channel: 'SIP/2' });
    await eventually(() => heard.length === 3);
    off();
    off();
    server.emit('Newchannel');
    server.emit('Hangup', { Channel: 'SIP/3' });
    await eventually(() => heard.length === 4);
    expect(heard).toEqual(['hangup SIP/1', '* Hangup', '* Newchannel', 'hangup SIP/3']);
  });

  it('that were taken away are called no more, not even for the event that is being handed out', async () => {
    const { server, manager } = await connected();
    const heard: string[] = [];
    let off: (() => void) | undefined;
    manager.on('Hangup', () => {
      heard.push('first');
      off?.();
    });
    off = manager.on('Hangup', () => heard.push('second'));
    await manager.ping();
    server.emit('Hangup');
    server.emit('Hangup');
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['first', 'first']);
  });

  it('that throw end nothing but their own call', async () => {
    const { lines, log } = keptLog();
    const { server, manager } = await connected({}, { log });
    let heard = 0;
    manager.on('Hangup', () => {
      throw new Error('at once');
    });
    manager.on('Hangup', () => Promise.reject(new Error('later')));
    manager.on('Hangup', () => Promise.reject('no error'));
    manager.on('Hangup', () => heard++);
    await manager.ping();
    server.emit('Hangup');
    await eventually(() => heard === 1);
    await manager.ping();
    for (const what of ['Error: at once', 'Error: later', 'no error'])
      expect(
        lines.some((line) => line.startsWith(`a handler of the event Hangup failed: ${what}`)),
        what,
      ).toBe(true);
  });
});

describe('loops', () => {
  it('take events by names and filter, in order, until close', async () => {
    const { server, manager } = await connected();
    const heard: string[] = [];
    const loop = (async () => {
      for await (const event of manager.events({ names: ['hangup', 'Newchannel'], filter: (one) => one.get('Channel') !== 'SIP/2' }))
        if (!('dropped' in event)) heard.push(`${event.name} ${event.get('Channel')}`);
    })();
    await manager.ping();
    server.emit('Newchannel', { Channel: 'SIP/1' });
    server.emit('Newchannel', { Channel: 'SIP/2' });
    server.emit('Newstate', { Channel: 'SIP/1' });
    server.emit('Hangup', { Channel: 'SIP/1' });
    await eventually(() => heard.length === 2);
    await manager.close();
    await loop;
    expect(heard).toEqual(['Newchannel SIP/1', 'Hangup SIP/1']);
  });

  it('lose none of 10,000 in a burst', async () => {
    const { server, manager } = await connected();
    const events = manager.events({ names: ['Burst'] });
    await manager.ping();
    for (let index = 0; index < 10_000; index++) server.emit('Burst', { Index: index });
    for (let index = 0; index < 10_000; index++) expect(seen((await events.next()).value, 'Index')).toBe(`${index}`);
    await events.return?.();
  });

  it('that are too slow lose the oldest, and learn how many at their place', async () => {
    const { server, manager } = await connected();
    const events = manager.events({ names: ['Burst'], buffer: 10 });
    await manager.ping();
    const burst = async (from: number, to: number): Promise<void> => {
      for (let index = from; index < to; index++) server.emit('Burst', { Index: index });
      await manager.ping();
    };
    const before = new Date();
    await burst(0, 25);
    const { value: gap } = await events.next();
    expect(gap).toMatchObject({ dropped: 15 });
    const { from, to } = gap as Dropped;
    expect([before.getTime() <= from.getTime(), from.getTime() <= to.getTime(), to.getTime() <= Date.now()]).toEqual([true, true, true]);
    for (let index = 15; index < 20; index++) expect(seen((await events.next()).value, 'Index')).toBe(`${index}`);
    await burst(25, 31);
    expect(seen((await events.next()).value, 'Index')).toEqual({ dropped: 1 });
    for (let index = 21; index < 31; index++) expect(seen((await events.next()).value, 'Index')).toBe(`${index}`);
    await burst(31, 32);
    expect(seen((await events.next()).value, 'Index')).toBe('31');
  });

  it('show how far they are behind', async () => {
    const { server, manager } = await connected();
    expect(manager.lag).toBe(0);
    const events = manager.events({ names: ['Burst'] });
    await manager.ping();
    server.emit('Burst');
    await manager.ping();
    await sleep(30);
    expect(manager.lag).toBeGreaterThanOrEqual(29);
    await events.next();
    expect(manager.lag).toBe(0);
  });

  it('ask for no more events when they are left', async () => {
    const { server, manager } = await connected();
    const loop = (async () => {
      for await (const event of manager.events()) if (!('dropped' in event) && event.name === 'Last') break;
    })();
    await manager.ping();
    server.emit('Last');
    await loop;
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Events').map((action) => action.get('EventMask'))).toEqual(['on', 'system']);
  });

  it('end with the reason of a signal', async () => {
    const { manager } = await connected();
    await expect(manager.events({ signal: AbortSignal.timeout(20) }).next()).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(manager.events({ signal: AbortSignal.abort(new Error('enough')) }).next()).rejects.toThrow('enough');
  });

  it('leave nothing behind when a signal ends them', async () => {
    const { server, manager } = await connected();
    const controller = new AbortController();
    const events = manager.events({ names: ['Hangup'], signal: controller.signal });
    await manager.ping();
    server.emit('Hangup', {}, 'call');
    await manager.ping();
    controller.abort(new Error('enough'));
    expect(manager.lag).toBe(0);
    await manager.ping();
    expect(server.actions.findLast(({ name }) => name === 'Events')?.get('EventMask')).toBe('system');
    // What had come is given before the end.
    expect(seen((await events.next()).value, 'Event')).toBe('Hangup');
    await expect(events.next()).rejects.toThrow('enough');
  });

  it('end with what their filter throws, and nothing else does', async () => {
    const { server, manager } = await connected();
    const broken = manager.events({
      filter() {
        throw new Error('broken');
      },
    });
    const good = manager.events();
    await manager.ping();
    server.emit('Hangup');
    expect(seen((await good.next()).value, 'Event')).toBe('Hangup');
    await expect(broken.next()).rejects.toThrow('broken');
  });

  it('give what had come when the manager is closed', async () => {
    const { server, manager } = await connected();
    const events = manager.events({ names: ['Hangup'] });
    await manager.ping();
    server.emit('Hangup', { X: 1 });
    await manager.ping();
    await manager.close();
    expect(seen((await events.next()).value, 'X')).toBe('1');
    expect(await events.next()).toEqual({ value: undefined, done: true });
  });
});

describe('what Asterisk is asked for', () => {
  const told = (server: { actions: readonly { name: string; get(name: string): string | undefined }[] }) =>
    server.actions.filter(({ name }) => name === 'Events').map((action) => action.get('EventMask'));

  it('is the union of what is wanted: classes, and names', async () => {
    const { server, manager } = await connected();
    const off = manager.on('hangup', () => undefined);
    const events = manager.events({ names: ['QueueCallerJoin', 'Hangup'] });
    await manager.ping();
    expect(told(server)).toEqual(['system,call', 'system,call,agent']);
    expect(server.filters).toEqual(['FullyBooted', 'Shutdown', 'Hangup', 'QueueCallerJoin'].map((name) => `name(${name})`));
    off();
    await events.return?.();
    await manager.ping();
    expect(told(server).at(-1)).toBe('system');
  });

  it('is everything if somebody wants what is not known, through the filters that are there', async () => {
    const { server, manager } = await connected();
    manager.on('Hangup', () => undefined);
    await manager.ping();
    const heard: string[] = [];
    manager.on('MyOwn', (event) => heard.push(event.name));
    await manager.ping();
    expect(told(server).at(-1)).toBe('on');
    expect(server.filters.at(-1)).toBe('.');
    server.emit('MyOwn', {}, 'user');
    await eventually(() => heard.length === 1);
  });

  it('is filtered by regular expressions before names can be compared', async () => {
    const actions = { CoreSettings: () => ({ fields: { AsteriskVersion: '20.5.0' } }) };
    const { server, manager } = await connected({ actions });
    const heard: string[] = [];
    manager.on('Hangup', (event) => heard.push(event.name));
    await manager.ping();
    expect(server.filters).toEqual(['Event: FullyBooted', 'Event: Shutdown', 'Event: Hangup']);
    server.emit('HangupRequest', {}, 'call');
    server.emit('Hangup', {}, 'call');
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(['Hangup']);
  });

  it('is not filtered for users who may not', async () => {
    const { server, manager } = await connected({ users: { phpagi: { secret: 'phpagi', write: ['call'] } } });
    const heard: string[] = [];
    manager.on('Hangup', (event) => heard.push(event.name));
    await manager.ping();
    manager.on('Newchannel', (event) => heard.push(event.name));
    await manager.ping();
    expect(server.filters).toEqual([]);
    for (const name of ['Newstate', 'Hangup', 'Newchannel']) server.emit(name, {}, 'call');
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['Hangup', 'Newchannel']);
  });

  it('comes all the same if Asterisk does not take a filter', async () => {
    let asked = 0;
    const actions = { Filter: () => (++asked === 3 ? { error: 'Internal Error. Failed adding filter.' } : { message: 'Success' }) };
    const { server, manager } = await connected({ actions });
    manager.on('Hangup', () => undefined);
    await manager.ping();
    await manager.ping();
    expect(server.actions.findLast(({ name }) => name === 'Filter')?.get('Filter')).toBe('.');
    manager.on('Newchannel', () => undefined);
    await manager.ping();
    expect(asked).toBe(4);
  });

  it('is asked for before the next action, whether Asterisk answers or not', async () => {
    const { server, manager } = await connected({ brokenEvents: true });
    const heard: string[] = [];
    manager.on('*', (event) => heard.push(event.name));
    await manager.ping();
    server.emit('Hangup', {}, 'call');
    await eventually(() => heard.length === 1);
    await manager.events('on');
  });

  it.each([
    ['22.10.1', true], ['22.1.0', true], ['22.0.0', false], ['23.0.0', true], ['21.6.0', true], ['21.5.9', false], ['20.11.0', true],
    ['20.10.0', false], ['18.26.1', true], ['18.25.0', false], ['19.99.0', false], ['16.28.0', false], ['certified/22.8-cert1', true],
    ['GIT-master-abc', false], [undefined, false],
  ] as const)('names can be compared by Asterisk %s: %s', (version, can) => {
    expect(filtersByName(version)).toBe(can);
  }); // prettier-ignore
});

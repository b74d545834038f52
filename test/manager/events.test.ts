import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connected, eventually, keptLog } from './support/connected';

describe('handlers', () => {
  it('take events by their names, and * those that have none of their own', async () => {
    const { server, manager } = await connected();
    const heard: string[] = [];
    manager.on('HangUp', (event) => heard.push(`hangup ${event.get('channel')}`));
    manager.on('hangup', () => heard.push('hangup too'));
    const off = manager.on('*', (event) => heard.push(`* ${event.name}`));
    await manager.ping();
    server.emit('Hangup', { Channel: 'SIP/1' });
    server.emit('Newchannel', { Channel: 'SIP/2' });
    await eventually(() => heard.length === 3);
    off();
    server.emit('Newchannel', { Channel: 'SIP/3' });
    await manager.ping();
    expect(heard).toEqual(['hangup SIP/1', 'hangup too', '* Newchannel']);
  });

  it('leave to * what they are taken away from', async () => {
    const { server, manager } = await connected();
    const heard: string[] = [];
    manager.on('*', (event) => heard.push(event.name));
    manager.on('Hangup', () => heard.push('own'))();
    await manager.ping();
    server.emit('Hangup');
    await eventually(() => heard.length === 1);
    expect(heard).toEqual(['Hangup']);
  });

  it('that fail keep nothing from the others', async () => {
    const { lines, log } = keptLog();
    const { server, manager } = await connected({}, { log });
    let heard = 0;
    manager.on('Hangup', () => {
      throw new Error('at once');
    });
    manager.on('Hangup', () => Promise.reject(new Error('later')));
    manager.on('Hangup', () => heard++);
    await manager.ping();
    server.emit('Hangup');
    await eventually(() => heard === 1);
    await manager.ping();
    expect(lines).toContain('a handler of the event Hangup failed: Error: at once');
    expect(lines).toContain('a handler of the event Hangup failed: Error: later');
  });
});

describe('loops', () => {
  it('take events by names and filter, in order, until close', async () => {
    const { server, manager } = await connected();
    const heard: (string | undefined)[] = [];
    const filter = (event: { get(name: string): string | undefined }): boolean => event.get('Channel') !== 'SIP/2';
    const loop = (async () => {
      for await (const event of manager.events({ names: ['hangup', 'Newchannel'], filter }))
        heard.push(`${event.name} ${event.get('Channel')}`);
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
    for (let index = 0; index < 10_000; index++) expect((await events.next()).value?.get('Index')).toBe(`${index}`);
    expect(events.dropped).toBe(0);
    await events.return?.();
  });

  it('say how many they dropped, the oldest first', async () => {
    const { lines, log } = keptLog();
    const { server, manager } = await connected({}, { log });
    const told: number[] = [];
    const telling = manager.events({ buffer: 10, onDropped: (count) => told.push(count) });
    const silent = manager.events({ buffer: 10 });
    await manager.ping();
    for (let index = 0; index < 25; index++) server.emit('Burst', { Index: index });
    await manager.ping();
    expect((await telling.next()).value?.get('Index')).toBe('15');
    expect(told).toEqual([15]);
    expect((await silent.next()).value?.get('Index')).toBe('15');
    expect([telling.dropped, silent.dropped]).toEqual([15, 15]);
    expect(lines).toContain('15 events were dropped: the loop over events() takes them more slowly than Asterisk sends them');
    for (let index = 16; index < 25; index++) expect((await telling.next()).value?.get('Index')).toBe(`${index}`);
    expect(told).toEqual([15]);
  });

  it('ask for no more events when they are left', async () => {
    const { server, manager } = await connected();
    const loop = (async () => {
      for await (const event of manager.events()) if (event.name === 'Last') break;
    })();
    await manager.ping();
    server.emit('Last');
    await loop;
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Events').map((action) => action.get('EventMask'))).toEqual(['on', 'off']);
  });

  it('end with the reason of a signal', async () => {
    const { manager } = await connected();
    const next = manager.events({ signal: AbortSignal.timeout(20) }).next();
    await expect(next).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('staying connected', () => {
  it('comes back with handlers and loops, and tells of it', async () => {
    const { lines, log } = keptLog();
    const { server, manager } = await connected({}, { log });
    const heard: string[] = [];
    manager.on('Hangup', (event) => heard.push(`${event.get('Channel')}`));
    manager.on('FullyBooted', () => heard.push('back'));
    const events = manager.events({ names: ['Newchannel'] });
    await manager.ping();
    server.drop();
    await eventually(() => !manager.connected);
    await expect(manager.ping()).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_NOT_CONNECTED',
      message: expect.stringContaining('at this moment') as string,
    });
    await manager.connect();
    server.emit('Hangup', { Channel: 'SIP/1' });
    server.emit('Newchannel', { Channel: 'SIP/2' });
    expect((await events.next()).value?.get('Channel')).toBe('SIP/2');
    expect(heard).toEqual(['back', 'SIP/1']);
    expect(lines.some((line) => line.endsWith('is lost: Asterisk closed it; connecting again'))).toBe(true);
  });

  it('fails what was under way, says so, and never sends it twice', async () => {
    const { server, manager } = await connected({ actions: { Slow: () => undefined } });
    const slow = [manager.action('Slow'), manager.action('Slow')];
    for (const one of slow) one.catch(() => undefined);
    await manager.ping();
    server.drop();
    for (const one of slow) {
      await expect(one).rejects.toMatchObject({
        code: 'FASTAGI_MANAGER_LOST',
        action: 'Slow',
        message: expect.stringMatching(/whether Asterisk carried it out is not known, and it is not sent again$/) as string,
      });
    }
    await manager.connect();
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Slow')).toHaveLength(2);
  });

  it('goes on trying while Asterisk is away, with growing delays', async () => {
    const { lines, log } = keptLog();
    const { server, manager } = await connected({}, { log });
    await server.close();
    const since = performance.now();
    const times: number[] = [];
    await eventually(() => {
      const tries = lines.filter((line) => line.endsWith('trying again')).length;
      if (tries > times.length) times.push(performance.now() - since);
      return tries === 3;
    });
    // At the least half of 250, 500 and 1000 ms.
    expect(times[2]).toBeGreaterThan(875);
    const waiting = manager.connect();
    waiting.catch(() => undefined);
    await manager.close();
    await expect(waiting).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
  });

  it('asks a silent Asterisk whether it is there', async () => {
    const { server } = await connected({}, { keepAlive: 20 });
    await eventually(() => server.actions.filter(({ name }) => name === 'Ping').length >= 2);
  });

  it('takes a connection for lost on which nothing answers', async () => {
    let silent = true;
    const { server, manager } = await connected(
      { actions: { Ping: () => (silent ? undefined : {}) } },
      { keepAlive: 20, actionTimeout: 50 },
    );
    await eventually(() => !manager.connected);
    silent = false;
    await manager.connect();
    await sleep(50);
    expect(manager.connected).toBe(true);
    expect(server.actions.filter(({ name }) => name === 'Login')).toHaveLength(2);
  });

  it('takes a connection for lost on which nonsense comes', async () => {
    const { lines, log } = keptLog();
    const { server, manager } = await connected({}, { log });
    server.write(`Event: ${'x'.repeat(17_000_000)}`);
    await eventually(() => !manager.connected);
    expect(lines.some((line) => line.includes('a message is larger than'))).toBe(true);
  });
});

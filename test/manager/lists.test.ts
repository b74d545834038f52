import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ManagerAction } from '../../src/testing';
import { connected, eventually } from './support/connected';

/** A list of so many entries, which are made only when they are sent. */
function listOf(count: number, padding = ''): ManagerAction {
  function* entries(): Generator<readonly [string, Record<string, string | number>]> {
    for (let index = 0; index < count; index++) yield ['Entry', { Index: index, Padding: padding }];
  }
  return () => ({ list: { entries: entries(), complete: 'EntriesComplete' } });
}

describe('lists', () => {
  it('give each entry, and end', async () => {
    const { manager } = await connected({ actions: { Entries: listOf(3) } });
    const entries = manager.list('Entries');
    const indices: (string | undefined)[] = [];
    let step = await entries.next();
    for (; !step.done; step = await entries.next()) indices.push(step.value.get('Index'));
    expect(indices).toEqual(['0', '1', '2']);
    expect(step.value?.get('ListItems')).toBe('3');
  });

  it('several at once give each its own', async () => {
    const { manager } = await connected({ actions: { Entries: listOf(500), Others: listOf(300) } });
    const count = async (name: string): Promise<number> => {
      let own = 0;
      for await (const entry of manager.list(name)) expect(entry.get('Index')).toBe(`${own++}`);
      return own;
    };
    expect(await Promise.all([count('Entries'), count('Others'), count('Entries')])).toEqual([500, 300, 500]);
  });

  it('are not sent before somebody reads them', async () => {
    const { server, manager } = await connected({ actions: { Entries: listOf(3) } });
    const entries = manager.list('Entries');
    await manager.ping();
    expect(server.actions.at(-1)?.name).toBe('Ping');
    await entries.return(undefined);
  });

  it('may be left at any time', async () => {
    const { manager } = await connected({ actions: { Entries: listOf(5000) } });
    const strays: string[] = [];
    manager.on('*', (event) => strays.push(event.name));
    for await (const entry of manager.list('Entries')) if (entry.get('Index') === '10') break;
    expect(await manager.ping()).toBeGreaterThan(0);
    expect(strays).toEqual([]);
  });

  it('are given as they come: none is kept until the end', async () => {
    const { server, manager } = await connected({ actions: { Entries: ({ id }) => void (own = id) } });
    let own: string | undefined;
    const entries = manager.list('Entries');
    const first = entries.next();
    await eventually(() => own !== undefined);
    server.write(`Response: Success\r\nActionID: ${own}\r\nEventList: start\r\n\r\n`);
    server.write(`Event: Entry\r\nActionID: ${own}\r\nIndex: 0\r\n\r\n`);
    expect((await first).value?.get('Index')).toBe('0');
    for (let index = 1; index < 50; index++) {
      server.write(`Event: Entry\r\nActionID: ${own}\r\nIndex: ${index}\r\n\r\n`);
      expect((await entries.next()).value?.get('Index')).toBe(`${index}`);
    }
    server.write(`Event: EntriesComplete\r\nActionID: ${own}\r\nEventList: Complete\r\n\r\n`);
    expect(await entries.next()).toMatchObject({ done: true, value: { name: 'EntriesComplete' } });
  });

  it('lose nothing if their reader is slow, and keep nothing else waiting', async () => {
    const { manager } = await connected({ actions: { Entries: listOf(5000) } });
    const entries = manager.list('Entries');
    await entries.next();
    expect(await manager.ping()).toBeGreaterThan(0);
    await turn();
    for (let index = 1; index < 5000; index++) expect((await entries.next()).value?.get('Index')).toBe(`${index}`);
    expect((await entries.next()).done).toBe(true);
  });

  it('take no forged entry and no forged end', async () => {
    const { server, manager } = await connected({ actions: { QueueStatus: ({ id }) => void (own = id) } });
    let own: string | undefined;
    const strays: string[] = [];
    manager.on('*', (event) => strays.push(`${event.name} ${event.get('ActionID')}`));
    const found: string[] = [];
    const reading = (async () => {
      for await (const entry of manager.list('QueueStatus')) found.push(entry.name);
    })();
    await eventually(() => own !== undefined);
    server.write(`Event: QueueMember\r\nActionID: ${own}\r\nX: before the answer\r\n\r\n`);
    server.write(`Response: Success\r\nActionID: ${own}\r\nEventList: start\r\n\r\n`);
    server.write(`Event: UserEvent\r\nActionID: ${own}\r\nEventList: Complete\r\n\r\n`);
    server.write(`Event: Hangup\r\nActionID: ${own}\r\n\r\nEvent: QueueMember\r\nActionID: ${own}\r\n\r\n`);
    server.write(`Event: QueueStatusComplete\r\nActionID: ${own}\r\nEventList: Complete\r\n\r\n`);
    await reading;
    expect(found).toEqual(['QueueMember']);
    expect(strays).toEqual([`QueueMember ${own}`, `UserEvent ${own}`, `Hangup ${own}`]);
  });

  it('that are broken off throw, after what came', async () => {
    const entries = [['Entry', { Index: 1 }]] as const;
    const { manager } = await connected({
      actions: { Entries: () => ({ list: { entries, complete: 'EntriesComplete', cancelled: true } }) },
    });
    const listed = manager.list('Entries');
    expect((await listed.next()).value?.get('Index')).toBe('1');
    await expect(listed.next()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CANCELLED' });
  });

  it('that announce none are read all the same', async () => {
    const { server, manager } = await connected({
      actions: {
        FAXStats({ id }) {
          setImmediate(() => server.write(`Event: FAXStats\r\nActionID: ${id}\r\nCurrentSessions: 3\r\n\r\n`));
          return { message: 'FAXStats event will follow' };
        },
      },
    });
    const found: (string | undefined)[] = [];
    for await (const item of manager.list<'FAXStats'>('FAXStats')) found.push(item.get('CurrentSessions'));
    expect(found).toEqual(['3']);
  });

  it('wait for their reader, not for an action of its own', async () => {
    const { server, manager } = await connected({ actions: { Entries: listOf(20_000) } });
    server.variables.set('X', '1');
    let seen = 0;
    for await (const _entry of manager.list('Entries')) {
      if (seen++ % 1000 === 0) expect(await manager.getVar({ variable: 'X' })).toBe('1');
    }
    expect(seen).toBe(20_000);
  });

  it('do not keep events from those who listen', async () => {
    const { server, manager } = await connected({ actions: { Entries: listOf(5000) } });
    const heard: string[] = [];
    manager.on('Hangup', (event) => heard.push(event.name));
    const entries = manager.list('Entries');
    await entries.next();
    server.emit('Hangup', {}, 'call');
    await eventually(() => heard.length === 1);
    await entries.return(undefined);
  });

  it('end with an error where Asterisk refuses them, sends none, or stops in the middle', async () => {
    const { manager } = await connected({ actions: { Entries: () => ({ error: 'No such thing' }), Half: ({ id }) => void (half = id) } });
    let half: string | undefined;
    const read = async (name: string, timeout?: number): Promise<void> => {
      for await (const _entry of manager.list(name, {}, { timeout })) await turn();
    };
    await expect(read('Entries')).rejects.toThrow('Entries: Asterisk refused it: No such thing');
    await expect(read('Ping')).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_NO_LIST' });
    await expect(read('Half', 20)).rejects.toThrow('Half: Asterisk sent nothing for 20 ms, and the list has no end');
    expect(half).toBeDefined();
  });

  it('end with the reason of a signal', async () => {
    const { manager } = await connected({ actions: { Half: () => undefined } });
    const signal = AbortSignal.timeout(20);
    const reading = (async () => {
      for await (const _entry of manager.list('Half', {}, { signal })) await turn();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('fail where the connection is lost in the middle', async () => {
    const { server, manager } = await connected({ actions: { Half: () => undefined } });
    const reading = manager.list('Half').next();
    reading.catch(() => undefined);
    await manager.ping();
    server.drop();
    await expect(reading).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_KICKED' });
  });

  it('IAXpeers, whose entries carry no ActionID, has its entries all the same', async () => {
    const { server, manager } = await connected({ actions: { IAXpeers: ({ id }) => void (own = id) } });
    let own: string | undefined;
    const names: (string | undefined)[] = [];
    const reading = (async () => {
      for await (const entry of manager.list('IAXpeers')) names.push(entry.get('ObjectName'));
    })();
    await eventually(() => own !== undefined);
    server.write(`Response: Success\r\nActionID: ${own}\r\nEventList: start\r\n\r\nEvent: PeerEntry\r\nObjectName: ann\r\n\r\n`);
    server.write(`Event: PeerlistComplete\r\nActionID: ${own}\r\nEventList: Complete\r\n\r\n`);
    await reading;
    expect(names).toEqual(['ann']);
  });
});

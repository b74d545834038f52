import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ManagerAction } from '../../src/testing';
import { clientOf, connected, eventually } from './support/connected';

/** A list of so many entries, which are made only when they are sent. */
function listOf(count: number, padding = ''): ManagerAction {
  function* entries(): Generator<readonly [string, Record<string, string | number>]> {
    for (let index = 0; index < count; index++) yield ['Entry', { Index: index, Padding: padding }];
  }
  return () => ({ list: { entries: entries(), complete: 'EntriesComplete' } });
}

/** A manager whose list goes on for as long as somebody takes its entries, at most 200,000. */
async function endlessList(padding: string): Promise<{ place: { port: number }; sent: () => number }> {
  let sent = 0;
  const send = (socket: Socket, id: string): void => {
    while (sent < 200_000) {
      if (!socket.write(`Event: Entry\r\nActionID: ${id}\r\nIndex: ${sent++}\r\nPadding: ${padding}\r\n\r\n`)) {
        return void socket.once('drain', () => send(socket, id));
      }
    }
    socket.write(`Event: EntriesComplete\r\nActionID: ${id}\r\nEventList: Complete\r\n\r\n`);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('Asterisk Call Manager/11.0.0\r\n');
    socket.on('data', (bytes) => {
      for (const [, name, id] of String(bytes).matchAll(/Action: (\w+)\r\nActionID: (\S+)\r\n/g)) {
        if (name === 'Ping' || name === 'Logoff') sent = Infinity;
        socket.write(`Response: Success\r\nActionID: ${id}\r\nChallenge: 1\r\nEventList: start\r\n\r\n`);
        if (name === 'Entries') send(socket, id as string);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { place: server.address() as AddressInfo, sent: () => sent };
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

  it('are not held where their reader is slow', async () => {
    const { place, sent } = await endlessList('x'.repeat(1000));
    const manager = await clientOf(place).connect();
    let seen = 0;
    for await (const entry of manager.list('Entries')) {
      expect(entry.get('Index')).toBe(`${seen++}`);
      if (seen === 1) {
        // What the kernel holds for both sides comes to an end; what this process would hold does not.
        for (let before = -1; before < sent(); await sleep(100)) before = sent();
        expect(sent()).toBeLessThan(100_000);
      }
      if (seen === 20_000) break;
    }
    expect(await manager.ping()).toBeGreaterThan(0);
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
    await expect(reading).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_LOST' });
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

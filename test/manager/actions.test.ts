import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ManagerAction } from '../../src/testing';
import { clientOf, connected, eventually, keptLog, serverFor } from './support/connected';

const unanswered: ManagerAction = () => undefined;

describe('actions', () => {
  it('are answered each by its own, however many are under way', async () => {
    const { server, manager } = await connected();
    for (let index = 0; index < 500; index++) server.variables.set(`V${index}`, `value ${index}`);
    const values = await Promise.all(Array.from({ length: 500 }, (_, index) => manager.getVar({ variable: `V${index}` })));
    expect(values).toEqual(Array.from({ length: 500 }, (_, index) => `value ${index}`));
    expect(new Set(server.actions.map(({ id }) => id)).size).toBe(server.actions.length);
  });

  it('are answered each by its own where the answers come in another order', async () => {
    const held: string[] = [];
    const { server, manager } = await connected({ actions: { Slow: ({ id }) => void held.push(id ?? '') } });
    const answers = [1, 2, 3].map(async (n) => (await manager.action('Slow', { N: n })).get('Message'));
    await eventually(() => held.length === 3);
    for (const [index, id] of [...held.entries()].toReversed()) {
      server.write(`Response: Success\r\nActionID: ${id}\r\nMessage: ${index}\r\n\r\n`);
    }
    expect(await Promise.all(answers)).toEqual(['0', '1', '2']);
  });

  it('fail with what Asterisk says', async () => {
    const { manager } = await connected();
    await expect(manager.action('Hangup', { Channel: 'SIP/none' })).rejects.toMatchObject({
      name: 'ManagerError',
      code: 'FASTAGI_MANAGER_REFUSED',
      action: 'Hangup',
      reply: 'No such channel',
      message: 'Hangup: Asterisk refused it: No such channel',
    });
  });

  it('that hold a line end are not sent', async () => {
    const { server, manager } = await connected();
    const before = server.actions.length;
    await expect(manager.setVar({ variable: 'X', value: 'a\r\n\r\nAction: Originate' })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_FIELD',
    });
    await manager.ping();
    expect(server.actions.slice(before).map(({ name }) => name)).toEqual(['Ping']);
  });

  it('end at their time-out, and an answer that comes later confuses nobody', async () => {
    const held: string[] = [];
    const { server, manager } = await connected({ actions: { Slow: ({ id }) => void held.push(id ?? '') } });
    await expect(manager.action('Slow', {}, { timeout: 20 })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_TIMEOUT',
      message: 'Slow: Asterisk did not answer within 20 ms; it may still carry it out',
    });
    server.write(`Response: Success\r\nActionID: ${held[0]}\r\n\r\n`);
    expect(await manager.ping()).toBeGreaterThan(0);
  });

  it('end with the reason of a signal', async () => {
    const { manager } = await connected({ actions: { Slow: unanswered } });
    const controller = new AbortController();
    const slow = manager.action('Slow', {}, { signal: controller.signal });
    controller.abort(new Error('no longer wanted'));
    await expect(slow).rejects.toThrow('no longer wanted');
    await expect(manager.action('Slow', {}, { signal: controller.signal })).rejects.toThrow('no longer wanted');
  });

  it('never wait for longer than a timer can', async () => {
    const { manager } = await connected();
    expect((await manager.action('Ping', {}, { timeout: Infinity })).get('Ping')).toBe('Pong');
  });

  it('need a connection', async () => {
    const { manager } = await connected();
    await manager.close();
    await expect(manager.ping()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
    await expect(manager.action('Ping', {}, { wait: true })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
    await manager.close();
  });

  it("take the caller's own ActionID, and refuse one that is in flight", async () => {
    const { server, manager } = await connected({ actions: { Slow: unanswered } });
    const slow = manager.action('Slow', { ActionID: 'mine' });
    await expect(manager.action('Ping', { ActionID: 'mine' })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_FIELD',
      message: expect.stringContaining('"mine" is in flight') as string,
    });
    server.write('Response: Success\r\nActionID: mine\r\nX: 1\r\n\r\n');
    expect((await slow).get('X')).toBe('1');
    expect((await manager.action('Ping', { ActionID: 'mine' })).get('Ping')).toBe('Pong');
    expect(server.actions.map(({ id }) => id)).toContain('mine');
  });

  it('have ActionIDs of 64 random bits and a counter', async () => {
    const { server, manager } = await connected();
    await manager.ping();
    const ids = server.actions.map(({ id }) => id ?? '');
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}-\d+$/);
    expect(new Set(ids.map((id) => id.split('-')[0])).size).toBe(1);
    const other = await clientOf(server);
    await other.ping();
    expect(new Set(server.actions.map(({ id }) => id?.split('-')[0])).size).toBe(2);
  });

  it('are not answered by what others send', async () => {
    const { server, manager } = await connected({ actions: { Slow: unanswered } });
    const slow = manager.action('Slow', {}, { timeout: 100 });
    slow.catch(() => undefined);
    await manager.ping();
    const id = server.actions.find(({ name }) => name === 'Slow')?.id;
    server.write(
      `Response: Success\r\n\r\nResponse: Success\r\nActionID: other\r\n\r\nEvent: UserEvent\r\nResponse: Success\r\nActionID: ${id}\r\n\r\n`,
    );
    server.write('Neither: this\r\n\r\n');
    await expect(slow).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_TIMEOUT' });
    expect(manager.strays).toBe(1);
  });

  it('that Asterisk carries out one after the other do not let a Ping run out of time', async () => {
    const { manager } = await connected({ actions: { Slow: () => ({ after: 300 }) } });
    const order: string[] = [];
    const slow = manager.action('Slow').then(() => order.push('slow'));
    const ping = manager.action('Ping', {}, { timeout: 100 }).then(() => order.push('ping'));
    await Promise.all([slow, ping]);
    expect(order).toEqual(['slow', 'ping']);
    await expect(manager.action('Other', {}, { timeout: 20 })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_UNKNOWN_ACTION' });
  });

  it('let a Ping run out of time when nothing earlier is unanswered', async () => {
    const { manager } = await connected({ actions: { Slow: unanswered, Ping: unanswered } }, { timeout: 60_000 });
    const slow = manager.action('Slow', {}, { timeout: 30 });
    const ping = manager.action('Ping', {}, { timeout: 30 });
    const since = performance.now();
    await expect(slow).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_TIMEOUT' });
    await expect(ping).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_TIMEOUT' });
    expect(performance.now() - since).toBeGreaterThan(55);
  });

  it('that begin a list nobody asked for leave nothing behind', async () => {
    const entries = [['Status', { Channel: 'x' }]] as const;
    const { manager } = await connected({ actions: { Status: () => ({ list: { entries, complete: 'StatusComplete' } }) } });
    const strays: string[] = [];
    manager.on('*', (event) => strays.push(event.name));
    expect((await manager.action('Status')).get('EventList')).toBe('start');
    await manager.ping();
    expect(strays).toEqual([]);
    // Once it is over its ActionID may be used again.
    const own = { ActionID: 'mine' };
    await manager.action('Status', own);
    await manager.ping();
    expect((await manager.action('Status', own)).get('EventList')).toBe('start');
  });

  it('refuse a mask with a class that does not exist', async () => {
    const { manager } = await connected();
    await expect(manager.events('calls')).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_MASK' });
    await expect(manager.action('Events', { EventMask: 'call,calls' })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_MASK' });
  });

  it('are in the log, without what they carry', async () => {
    const { lines, log } = keptLog();
    const { manager } = await connected({}, { log });
    await manager.setVar({ variable: 'PIN', value: '4711' });
    await manager.hangup({ channel: 'SIP/none' }).catch(() => undefined);
    expect(lines).toContain('manager: Setvar: done');
    expect(lines).toContain('manager: Hangup: Asterisk refused it: No such channel');
    expect(lines.join()).not.toContain('4711');
  });
});

describe('closing', () => {
  it('logs off', async () => {
    const { server, manager } = await connected();
    await manager.close();
    expect(server.actions.at(-1)?.name).toBe('Logoff');
    await eventually(() => server.clients === 0);
    await sleep(20);
    expect(server.connections).toBe(1);
  });

  it('fails what is under way', async () => {
    const { manager } = await connected({ actions: { Slow: unanswered } });
    const slow = manager.action('Slow');
    slow.catch(() => undefined);
    await manager.close();
    await expect(slow).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
  });

  it('ends an attempt to connect', async () => {
    const controller = new AbortController();
    const connecting = clientOf(await serverFor(), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
  });

  it('comes with the end of an await using block', async () => {
    const { server, manager } = await connected();
    await manager[Symbol.asyncDispose]();
    expect(server.actions.at(-1)?.name).toBe('Logoff');
    expect(manager.connected).toBe(false);
  });
});

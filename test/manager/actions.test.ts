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
    const answers = [1, 2, 3].map(async (n) => (await manager.action('Slow', { N: n })).message);
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
    const server = await serverFor();
    const manager = clientOf(server);
    await expect(manager.ping()).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_NOT_CONNECTED',
      message: expect.stringContaining('call connect() first') as string,
    });
    await manager.connect();
    await manager.close();
    await expect(manager.ping()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
    await expect(manager.connect()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
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
  });

  it('fails what is under way', async () => {
    const { manager } = await connected({ actions: { Slow: unanswered } });
    const slow = manager.action('Slow');
    slow.catch(() => undefined);
    await manager.close();
    await expect(slow).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
  });

  it('ends an attempt to connect', async () => {
    const manager = clientOf(await serverFor());
    const connecting = manager.connect();
    await manager.close();
    await expect(connecting).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
  });

  it('comes with the end of an await using block', async () => {
    const { server, manager } = await connected();
    await manager[Symbol.asyncDispose]();
    expect(server.actions.at(-1)?.name).toBe('Logoff');
    expect(manager.connected).toBe(false);
  });
});

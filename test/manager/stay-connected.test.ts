import { describe, expect, it } from 'vitest';
import type { Dropped, End, Gap } from '../../src/manager';
import { back, connected, eventually, impatient, keptLog, serverFor } from './support/connected';

/** Notes how the connection fares. */
async function watched(...[server, options]: Parameters<typeof connected>) {
  const found = await connected(server, options);
  const ends: End[] = [];
  const gaps: Gap[] = [];
  found.manager.on('end', (end) => ends.push(end));
  found.manager.on('ready', (gap) => gaps.push(gap));
  return { ...found, ends, gaps };
}

describe('staying connected', () => {
  it('comes back with handlers and loops: log-in, filters, mask, and then ready with the gap', async () => {
    const { server, manager, ends, gaps } = await watched();
    const heard: string[] = [];
    manager.on('Hangup', (event) => heard.push(`${event.get('Channel')}`));
    manager.on('FullyBooted', () => heard.push('booted'));
    const events = manager.events({ names: ['Newchannel'] });
    await manager.ping();
    const before = server.actions.length;
    const since = new Date();
    const again = back(manager);
    server.drop();
    await eventually(() => !manager.connected);
    await expect(manager.ping()).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_NOT_READY',
      message: expect.stringContaining('at this moment; { wait: true } waits for it') as string,
    });
    const waiting = manager.action('Ping', {}, { wait: true });
    await again;
    expect((await waiting).get('Ping')).toBe('Pong');
    server.emit('Hangup', { Channel: 'SIP/1' }, 'call');
    server.emit('Newchannel', { Channel: 'SIP/2' }, 'call');
    const { value: gap } = await events.next();
    expect(gap).toEqual({ dropped: undefined, ...gaps[0] });
    expect((gap as Dropped).from.getTime()).toBeGreaterThanOrEqual(since.getTime());
    expect((gap as Dropped).to.getTime()).toBeGreaterThan((gap as Dropped).from.getTime());
    expect((await events.next()).value).toMatchObject({ name: 'Newchannel' });
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['booted', 'SIP/1']);
    const names = server.actions.slice(before).map(({ name }) => name);
    const order = ['Challenge', 'Login', 'CoreSettings', 'Filter', 'Events'].map((name) => names.indexOf(name));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order).not.toContain(-1);
    // FullyBooted came with the log-in: nothing else is to be asked.
    expect(names).not.toContain('CoreStatus');
    expect([ends.map(({ reason }) => reason), gaps.length]).toEqual([['KICKED'], 1]);
  });

  it('fails what was under way, says so, and never sends it twice', async () => {
    const { server, manager } = await connected({ actions: { Slow: () => undefined } });
    const slow = [manager.action('Slow'), manager.action('Slow')];
    for (const one of slow) one.catch(() => undefined);
    await eventually(() => server.actions.filter(({ name }) => name === 'Slow').length === 2);
    const again = back(manager);
    server.drop();
    for (const one of slow) {
      await expect(one).rejects.toMatchObject({
        action: 'Slow',
        message: expect.stringMatching(/whether Asterisk carried it out is not known, and it is not sent again$/) as string,
      });
    }
    await again;
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Slow')).toHaveLength(2);
  });

  it('goes on trying while Asterisk is away, with growing pauses', async () => {
    const { lines, log } = keptLog();
    const { server, manager, ends } = await watched({}, { log });
    await server.shutdown();
    const since = performance.now();
    await eventually(() => lines.filter((line) => line.endsWith('trying again')).length === 3);
    // At the least half of 250, 500 and 1000 ms.
    expect(performance.now() - since).toBeGreaterThan(850);
    expect(ends.map(({ reason }) => reason)).toEqual(['SHUTDOWN']);
    const waiting = manager.action('Ping', {}, { wait: true });
    const [stopped, limited] = [new AbortController(), manager.action('Ping', {}, { wait: true, signal: AbortSignal.timeout(5) })];
    const given = manager.action('Ping', {}, { wait: true, signal: stopped.signal });
    stopped.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await expect(limited).rejects.toMatchObject({ name: 'TimeoutError' });
    await server.restart();
    expect((await waiting).get('Ping')).toBe('Pong');
    const lost = back(manager);
    server.drop();
    const first = performance.now();
    await lost;
    // After a log-in the first pause is short again.
    expect(performance.now() - first).toBeLessThan(5000);
  });

  it('is closed while it tries', async () => {
    const { server, manager } = await connected();
    await server.shutdown();
    const waiting = manager.action('Ping', {}, { wait: true });
    await manager.close();
    await expect(waiting).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
  });

  it('waits long before it tries again with a secret that was refused', async () => {
    const { lines, log } = keptLog();
    const users: Record<string, string> = { phpagi: 'phpagi' };
    const { server } = await watched({ users }, { log });
    users['phpagi'] = 'changed';
    server.drop();
    await eventually(() => lines.some((line) => line.includes('does not let "phpagi" in')));
    const logins = () => server.actions.filter(({ name }) => name === 'Login').length;
    const before = logins();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(logins()).toBe(before);
  });
});

describe('the reason of an end', () => {
  it('KICKED: Asterisk threw it out, and is there', async () => {
    const { server, ends } = await watched();
    server.drop();
    await eventually(() => ends.length > 0);
    expect(ends).toMatchObject([{ reason: 'KICKED', error: { code: 'FASTAGI_MANAGER_KICKED' } }]);
    expect(ends[0]?.error.message).toMatch(/has ended: Asterisk threw this client out \(manager kick session\)$/);
  });

  it('LOST: nobody is there any more', async () => {
    const { server, ends } = await watched();
    await server.close();
    await eventually(() => ends.length > 0);
    expect(ends).toMatchObject([{ reason: 'LOST', error: { code: 'FASTAGI_MANAGER_LOST' } }]);
  });

  it('SHUTDOWN: Asterisk said so', async () => {
    const { server, ends } = await watched();
    await server.shutdown();
    await eventually(() => ends.length > 0);
    expect(ends).toMatchObject([
      { reason: 'SHUTDOWN', error: { code: 'FASTAGI_MANAGER_SHUTDOWN', message: expect.stringContaining('Asterisk shut down') as string } },
    ]);
  });

  it('TIMEOUT: Asterisk is silent', async () => {
    let isSilent = false;
    const { server, manager, ends } = await watched(
      { actions: { Ping: () => (isSilent ? undefined : {}) } },
      { keepAlive: 20, timeout: 50 },
    );
    isSilent = true;
    const again = back(manager);
    await eventually(() => ends.length > 0);
    expect(ends).toMatchObject([{ reason: 'TIMEOUT', error: { code: 'FASTAGI_MANAGER_TIMEOUT' } }]);
    isSilent = false;
    await again;
    expect(server.actions.filter(({ name }) => name === 'Login')).toHaveLength(2);
  });

  it('SLOW_READER: the connection was cut in the middle of a message', async () => {
    const { server, ends } = await watched();
    server.write('Event: Half\r\nX: 1');
    server.drop();
    await eventually(() => ends.length > 0);
    const error = { code: 'FASTAGI_MANAGER_SLOW_READER', message: expect.stringContaining('writetimeout = 5000') as string };
    expect(ends).toMatchObject([{ reason: 'SLOW_READER', error }]);
  });

  it('SLOW_READER: as it is when nobody reads', async () => {
    const { server, manager, ends } = await watched({ writeTimeout: 100 });
    manager.on('Flood', () => undefined);
    await manager.ping();
    for (let count = 0; count < 40_000; count++) server.emit('Flood', { Padding: 'x'.repeat(1000) });
    // The server is in this process: it cannot write while nobody reads, and cuts the connection then.
    const until = Date.now() + 300;
    while (Date.now() < until);
    await eventually(() => ends.length > 0);
    expect(ends).toMatchObject([{ reason: 'SLOW_READER' }]);
  });

  it('LOST: nonsense came', async () => {
    const { server, ends } = await watched({ writeTimeout: 60_000 });
    server.write(`Event: ${'x'.repeat(17_000_000)}`);
    await eventually(() => ends.length > 0);
    expect(ends).toMatchObject([{ reason: 'LOST', error: { message: expect.stringContaining('a message is larger than') as string } }]);
  });

  it('REFUSED: it may not log in again; told once, until it may', async () => {
    const users: Record<string, string> = { phpagi: 'phpagi' };
    const server = await serverFor({ users });
    const { manager, parts } = impatient(server);
    await parts.open();
    const ends: End[] = [];
    manager.on('end', (end) => ends.push(end));
    const logins = () => server.actions.filter(({ name }) => name === 'Login').length;
    for (const round of [1, 2]) {
      users['phpagi'] = 'changed';
      server.drop();
      await eventually(() => !manager.connected);
      // Nobody waits for what may never come.
      await expect(manager.action('Ping', {}, { wait: true })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_LOGIN' });
      const before = logins();
      await eventually(() => logins() > before + 2);
      expect(ends.slice(2 * (round - 1))).toMatchObject([
        { reason: 'KICKED' },
        { reason: 'REFUSED', error: { code: 'FASTAGI_MANAGER_LOGIN', message: expect.stringContaining('"phpagi"') as string } },
      ]);
      const again = back(manager);
      users['phpagi'] = 'phpagi';
      await again;
    }
    expect(ends).toHaveLength(4);
  });

  it('PERMISSION: it may no longer ask what a connection needs', async () => {
    let isYoung = false;
    // Between two quarters of an hour: nobody takes that for a moment.
    const started = (): string => new Date(Date.now() - (isYoung ? 0 : 450_000)).toISOString();
    const server = await serverFor({
      users: { phpagi: { secret: 'phpagi', read: ['call'] } },
      actions: {
        CoreStatus: () => ({ fields: { CoreStartupDate: started().slice(0, 10), CoreStartupTime: started().slice(11, 19) } }),
        ListCommands: () => ({ error: 'Permission denied' }),
      },
    });
    const { manager, parts } = impatient(server);
    await parts.open();
    const ends: End[] = [];
    manager.on('end', (end) => ends.push(end));
    isYoung = true;
    server.drop();
    await eventually(() => ends.length > 1);
    expect(ends).toMatchObject([{ reason: 'KICKED' }, { reason: 'PERMISSION', error: { code: 'FASTAGI_MANAGER_PERMISSION' } }]);
  });

  it('CLOSED: it was closed', async () => {
    const { manager, ends } = await watched();
    await manager.close();
    await manager.close();
    expect(ends).toMatchObject([{ reason: 'CLOSED', error: { code: 'FASTAGI_MANAGER_CLOSED' } }]);
  });

  it('is told once, also to handlers that throw', async () => {
    const { lines, log } = keptLog();
    const { server, manager, ends } = await watched({}, { log });
    const off = manager.on('end', () => {
      throw new Error('broken');
    });
    const again = back(manager);
    server.drop();
    await again;
    off();
    expect(ends).toHaveLength(1);
    expect(lines.some((line) => line.includes('a handler of end failed: Error: broken'))).toBe(true);
  });
});

it('asks a silent Asterisk whether it is there, but not one that is busy', async () => {
  const { server, manager } = await connected({ actions: { Slow: () => ({ after: 200 }) } }, { keepAlive: 20 });
  const pings = () => server.actions.filter(({ name }) => name === 'Ping').length;
  await eventually(() => pings() >= 2);
  const before = pings();
  await manager.action('Slow');
  expect(pings() - before).toBeLessThanOrEqual(1);
});

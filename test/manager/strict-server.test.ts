import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { connected, eventually, serverFor } from './support/connected';
import { answersTo, eventsBehind, strictRows } from './support/strictness';

/** What a manager writes to a client that says this and nothing more, until it closes or has written so much. */
async function heard(port: number, said: string, enough: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString('latin1')));
  socket.write(said);
  while (!enough.test(text) && !socket.closed) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  socket.destroy();
  return text;
}

describe('the manager that is played', () => {
  it.each(strictRows)('answers as Asterisk does: $what', async (row) => {
    const server = await serverFor();
    expect(await answersTo(server.port, row)).toEqual(row.answers);
  });

  it('greets, refuses after a second, and closes', async () => {
    const server = await serverFor({ refusal: 1000 });
    const since = performance.now();
    const text = await heard(server.port, 'Action: Login\r\nUsername: phpagi\r\nSecret: wrong\r\n\r\n', /never/);
    expect(text).toBe('Asterisk Call Manager/11.0.0\r\nResponse: Error\r\nMessage: Authentication failed\r\n\r\n');
    expect(performance.now() - since).toBeGreaterThan(990);
  });

  it('lets nobody do anything before the log-in', async () => {
    const server = await serverFor();
    expect(await heard(server.port, 'Action: Ping\r\nActionID: a\r\n\r\n', /ActionID: a\r\n[^]*\r\n\r\n/)).toContain(
      'Message: Permission denied',
    );
  });

  it.each([1, 3, 7])('writes in pieces of %i bytes, and says the same', async (cutEvery) => {
    const { server, manager } = await connected({ cutEvery });
    const events = manager.events({ names: ['Hangup'] });
    await manager.ping();
    server.emit('Hangup', { Channel: 'SIP/1' }, 'call');
    expect((await events.next()).value).toMatchObject({ name: 'Hangup' });
    expect((await manager.command('core show uptime')).ok).toBe(true);
  });

  it('cuts a client that does not read, in the middle of a message', async () => {
    const server = await serverFor({ writeTimeout: 50 });
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => (text += bytes.toString('latin1')));
    socket.write('Action: Login\r\nUsername: phpagi\r\nSecret: phpagi\r\nActionID: in\r\n\r\n');
    while (!text.includes('Fully Booted')) await once(socket, 'data');
    socket.pause();
    for (let count = 0; count < 20_000; count++) server.emit('Flood', { Padding: 'x'.repeat(1000) });
    await eventually(() => server.clients === 0);
    socket.destroy();
  });

  it('sends events to those who may read them, and asked for them', async () => {
    const users = { ann: { secret: 'x', read: ['call'] }, bob: 'y' };
    const server = await serverFor({ users });
    const listen = async (who: string, mask: string): Promise<string> => {
      const [username, secret] = who === 'ann' ? ['ann', 'x'] : ['bob', 'y'];
      const before = server.actions.length;
      const listening = heard(
        server.port,
        `Action: Login\r\nUsername: ${username}\r\nSecret: ${secret}\r\nEvents: ${mask}\r\n\r\n`,
        /Event: Last/,
      );
      await eventually(() => server.actions.length > before);
      server.emit('Hangup', {}, 'call');
      server.emit('Reload', {}, 'system');
      server.emit('Newexten', {}, 'dialplan');
      server.emit('Last', {}, 'call');
      const names = [...(await listening).matchAll(/Event: (\w+)/g)].map(([, name]) => name).join(' ');
      await eventually(() => server.clients === 0);
      return names;
    };
    expect(await listen('ann', 'on')).toBe('Hangup Last');
    expect(await listen('bob', 'on')).toBe('FullyBooted Hangup Reload Newexten Last');
    expect(await listen('bob', 'call,dialplan')).toBe('Hangup Newexten Last');
  });

  it.each([
    ['MatchCriteria: name(Newexten)', ['Newexten']],
    ['Filter: Event: Hangup', ['Hangup', 'HangupRequest']],
  ])('sends what a filter lets through: %s', async (filter, names) => {
    const server = await serverFor();
    const raise = async (): Promise<void> => {
      for (const name of ['Newchannel', 'Newexten', 'Hangup', 'HangupRequest', 'UserEvent']) server.emit(name, {}, 'call');
    };
    expect(await eventsBehind(server.port, filter, raise)).toEqual(names);
  });

  it('repeats in a UserEvent whatever headers its sender chose', async () => {
    const { manager } = await connected();
    const events = manager.events({ names: ['UserEvent'] });
    await manager.action('UserEvent', { UserEvent: 'Own', ActionID: 'forged', Uniqueid: '1.1', Channel: ['a', 'b'] });
    const { value } = await events.next();
    expect(value).toMatchObject({ name: 'UserEvent' });
    expect(value && 'get' in value && [value.get('ActionID'), value.get('Uniqueid'), value.all('Channel')]).toEqual([
      'forged',
      '1.1',
      ['a', 'b'],
    ]);
  });

  it('ends and begins anew on its port', async () => {
    const server = await serverFor();
    const { port } = server;
    await server.shutdown();
    await expect(heard(port, '', /./)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(await heard(port, '', /\n/)).toBe('Asterisk Call Manager/11.0.0\r\n');
  });
});

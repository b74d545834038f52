import { describe, expect, test } from 'vitest';
import type { AsteriskManager, Dropped, Gap, ManagerEvent } from '../../src/manager';
import { useAsterisk, version } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { choosePorts, connectTo, managerParts as parts, ports } from './support/manager-parts';
import { startProxy } from './support/proxy';
import { describeWithXinetd } from './support/requirements';
import { until } from './support/waiting';

const indexOf = (item: ManagerEvent | Dropped | undefined): string | undefined =>
  item === undefined || 'dropped' in item ? undefined : item.get('Index');

describeWithXinetd('the manager of a real Asterisk', () => {
  choosePorts();
  const server = useServer({
    get sections() {
      return `[asmanager]\nserver = 127.0.0.1:${ports.plain}\nwrite_log = true\n`;
    },
  });
  const asterisk = useAsterisk(
    () => `
[default]
exten => wait,1,Answer()
 same => n,Wait(30)
exten => busy,1,Busy(1)
exten => full,1,Congestion(1)
exten => rings,1,Ringing()
 same => n,Wait(30)
exten => burst,1,Set(COUNT=0)
 same => n,While($[\${COUNT} < 10000])
 same => n,UserEvent(Burst,Index: \${COUNT})
 same => n,Set(COUNT=$[\${COUNT} + 1])
 same => n,EndWhile()
exten => flood,1,Set(COUNT=0)
 same => n,While($[\${COUNT} < 20000])
 same => n,UserEvent(Flood,Padding: ${'x'.repeat(2000)})
 same => n,Set(COUNT=$[\${COUNT} + 1])
 same => n,EndWhile()
exten => 100,hint,Local/wait@default
exten => looks,1,Answer()
 same => n,AGI(agi://127.0.0.1:${server.port}/looks)
`,
    () => ({ ...parts(), modules: [...(parts().modules ?? []), 'app_while'] }),
  );

  describe('logging in', () => {
    test('with a challenge', async () => {
      const log = asterisk.log();
      const manager = await connectTo();
      expect(manager.version).toMatch(new RegExp(`^${version}\\.`));
      expect(await manager.ping()).toBeGreaterThan(0);
      await manager.close();
      expect(log.text()).not.toContain('failed to authenticate');
    });

    test('with the plain secret, where no challenge is given', async () => {
      const sent: string[] = [];
      const proxy = await startProxy(ports.plain, (bytes) => {
        sent.push(bytes);
        return bytes.replace('Action: Challenge', 'Action: NoChallenge');
      });
      const manager = await connectTo({ server: `127.0.0.1:${proxy.port}` });
      expect(sent.join('')).toContain('Secret: phpagi\r\n');
      expect(await manager.ping()).toBeGreaterThan(0);
    });

    test('over TLS', async () => {
      const manager = await connectTo({ server: `127.0.0.1:${ports.tls}`, tls: true, tlsCa: `${asterisk.run}/etc/certificate.pem` });
      expect((await manager.command('manager show connected')).text).toContain('phpagi');
      await expect(connectTo({ server: `127.0.0.1:${ports.tls}`, tls: true })).rejects.toThrow('self-signed certificate');
    });

    test('as a user who may not ask whether Asterisk has started, nor anything else', async () => {
      const manager = await connectTo({ username: 'limited', secret: 'limited' });
      expect(manager.version).toBeUndefined();
      await expect(manager.originate({ channel: 'Local/wait@default', application: 'Wait' })).rejects.toMatchObject({
        code: 'FASTAGI_MANAGER_PERMISSION',
        reply: 'Permission denied',
        message: "Originate: this user of the manager may not do it: add originate to the user's write in manager.conf",
      });
      await expect(manager.getVar({ variable: 'SHELL(id)' })).rejects.toThrow(/needs the class system as well/);
      const heard: string[] = [];
      manager.on('Newchannel', (event) => heard.push(event.name));
      await manager.ping();
      await asterisk.originate('wait');
      await until('the event', () => (heard.length > 0 ? true : undefined));
      await asterisk.hangUp();
    });

    test('over TLS under a name that the certificate does not bear', async () => {
      const tls = { server: `127.0.0.1:${ports.tls}`, tls: true, tlsCa: `${asterisk.run}/etc/certificate.pem` };
      expect((await connectTo({ ...tls, tlsName: 'localhost' })).connected).toBe(true);
      await expect(connectTo({ ...tls, tlsName: 'pbx.example.org' })).rejects.toThrow('in server or in tls_name');
    });

    test('with a wrong secret', async () => {
      await expect(connectTo({ secret: 'tr0ub4dor' })).rejects.toMatchObject({
        code: 'FASTAGI_MANAGER_LOGIN',
        reply: 'Authentication failed',
        message: expect.not.stringContaining('tr0ub4dor') as string,
      });
    });
  });

  test("phpagi's functions", async () => {
    const manager = await connectTo();
    const called = await manager.originate({
      channel: 'Local/wait@default',
      application: 'Wait',
      data: '20',
      variables: { X: 'a,b"c\\d(e', Y: 'zwölf' },
    });
    expect(called).toMatchObject({ outcome: 'answered', channel: expect.stringMatching(/^Local\/wait@default-/) as string });
    expect(await manager.getVar({ channel: called.channel ?? '', variable: 'UNIQUEID' })).toBe(called.uniqueid);
    const channels = await manager.status({ variables: ['X'] });
    expect(channels).toHaveLength(2);
    expect(channels.map(({ variables }) => variables['X'])).toContain('a,b"c\\d(e');
    const { channel } = channels.find(({ extension }) => extension === 'wait') ?? { channel: '' };
    await manager.setVar({ channel, variable: 'CDR(userfield)', value: 'noted' });
    expect(await manager.getVar({ channel, variable: 'CDR(userfield)' })).toBe('noted');
    await manager.absoluteTimeout({ channel, timeout: 60 });
    await manager.mixMonitor({ channel, file: `${asterisk.run}/out/mixed.wav` });
    await manager.stopMixMonitor({ channel });
    await manager.redirect({ channel, context: 'default', extension: 'wait' });
    await manager.hangup({ channel });
    // Asterisk names no cause for a channel that the manager hangs up.
    expect(await called.ended).toEqual({ cause: 0, text: 'Unknown' });
    await expect(manager.atxfer({ channel: 'none', context: 'default', extension: 'wait' })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_REFUSED',
    });

    expect(await manager.originate({ channel: 'Local/nowhere@default', application: 'Wait' })).toMatchObject({ outcome: 'failed' });
    expect(await manager.originate({ channel: 'Local/busy@default', application: 'Wait' })).toMatchObject({ outcome: 'busy' });
    expect(await manager.originate({ channel: 'Local/rings@default', application: 'Wait', timeout: 1000 })).toMatchObject({
      outcome: 'noAnswer',
    });
    expect(await manager.originate({ channel: 'Local/full@default', application: 'Wait' })).toMatchObject({ outcome: 'congestion' });

    await manager.queueAdd({ queue: 'support', interface: 'Local/wait@default', penalty: 2, memberName: 'Ann' });
    expect(await manager.queueStatus({ queue: 'support' })).toMatchObject([{ queue: 'support', members: [{ name: 'Ann', penalty: 2 }] }]);
    await manager.queueRemove({ queue: 'support', interface: 'Local/wait@default' });
    await manager.queueReload();
    expect(await manager.dbGet({ family: 'a', key: 'b' })).toBeUndefined();
    await manager.command('database put a b "va lue"');
    expect(await manager.dbGet({ family: 'a', key: 'b' })).toBe('va lue');
    expect(await manager.command('no such command')).toMatchObject({
      ok: false,
      text: expect.stringMatching(/^No such command/) as string,
    });
    expect(await manager.extensionState({ extension: '100', context: 'default' })).toMatchObject({ hint: 'Local/wait@default' });
    expect(await manager.extensionState({ extension: '999', context: 'default' })).toMatchObject({ hint: undefined, state: 'unknown' });
    expect(await manager.mailboxCount({ mailbox: '1@default' })).toEqual({ urgent: 0, fresh: 0, old: 0 });
    expect(await manager.mailboxStatus({ mailbox: '1@default' })).toBe(false);
    expect(await manager.parkedCalls()).toEqual([]);
    expect(await manager.listCommands()).toHaveProperty('Originate');
    await manager.events('off');
    for (const gone of [
      () => manager.sipPeers(),
      () => manager.queues(),
      () => manager.monitor({ channel: 'x' }),
      () => manager.dahdiShowChannels(),
    ] as (() => Promise<unknown>)[])
      await expect(gone()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_UNKNOWN_ACTION' });
  });

  test('lists of hundreds of entries, several at once', async () => {
    const manager = await connectTo();
    const count = async (name: string): Promise<number> => {
      let entries = 0;
      for await (const _entry of manager.list(name)) entries++;
      return entries;
    };
    expect(await Promise.all([manager.iaxPeers().then((peers) => peers.length), count('IAXpeers'), count('IAXpeerlist')])).toEqual([
      400, 400, 400,
    ]);
    for await (const _entry of manager.list('IAXpeerlist')) break;
    expect(await manager.ping()).toBeGreaterThan(0);
  });

  test('10,000 events in a burst, none of them lost', async () => {
    const manager = await connectTo();
    const events = manager.events({ names: ['UserEvent'] });
    const calling = manager.originate({ channel: 'Local/burst@default/n', application: 'Wait', data: '60' });
    for (let index = 0; index < 10_000; index++) expect(indexOf((await events.next()).value)).toBe(`${index}`);
    await events.return?.();
    await calling;
  });

  test('a script looks at its own channel', async () => {
    server.use('manager/looks.js');
    const log = server.log();
    const manager = await connectTo();
    await manager.originate({ channel: 'Local/looks@default', application: 'Wait', data: '5' });
    expect(await server.result('looks')).toEqual(['AGI', `agi://127.0.0.1:${server.port}/looks`, 'by the manager', true]);
    await log.match(/manager: Setvar: done/);
    await log.match(/manager: Logoff: done/);
  });

  test('Asterisk is restarted in the middle', async () => {
    const manager = await connectTo();
    const booted: string[] = [];
    const gaps: Gap[] = [];
    const ends: string[] = [];
    manager.on('ready', (gap) => gaps.push(gap));
    manager.on('end', ({ reason }) => ends.push(reason));
    manager.on('FullyBooted', (event) => booted.push(event.get('Status') ?? ''));
    const events = manager.events({ names: ['UserEvent'] });
    const held = manager.originate({ channel: 'Local/wait@default', application: 'Wait', data: '1', timeout: 60_000 });
    await held;
    await asterisk.idle();
    // Any event answers it, as one of the calls before that comes late: it is asked for until none comes.
    const waits = async (): Promise<never> => {
      for (;;) await manager.action('WaitEvent', { Timeout: 20 });
    };
    const under = waits();
    under.catch(() => undefined);
    await asterisk.restart(async () => {
      await until('the loss to be seen', () => (manager.connected ? undefined : true));
      await expect(manager.ping()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_NOT_READY' });
    });
    await expect(under).rejects.toMatchObject({ name: 'ManagerError' });
    await manager.action('Ping', {}, { wait: true });
    expect((await events.next()).value).toMatchObject({ dropped: undefined, ...gaps[0] });
    await manager.action('UserEvent', { UserEvent: 'After', Index: 'back' });
    expect(indexOf((await events.next()).value)).toBe('back');
    expect(booted).toHaveLength(1);
    expect(ends).toEqual(['LOST']);
    await events.return?.();
  });

  test('Asterisk is killed in the middle of each: nothing hangs, and nothing is sent twice', async () => {
    const manager = await connectTo();
    const ends: string[] = [];
    manager.on('end', ({ reason }) => ends.push(reason));
    const events = manager.events({ names: ['UserEvent'] });
    const ended = (await manager.originate({ channel: 'Local/wait@default', application: 'Wait', data: '60' })).ended;
    const underWay = [
      manager.action('WaitEvent', { Timeout: 20 }),
      manager.originate({ channel: 'Local/rings@default', application: 'Wait', timeout: 60_000 }),
      manager.list('IAXpeerlist').next(),
      manager.command('core show channels'),
      connectTo(),
      ended,
    ].map((one) => one.then(() => 'done', (error: { name: string }) => error.name)); // prettier-ignore
    await asterisk.restart();
    // What takes no time may have been answered before; the calls cannot have ended.
    const outcomes = await Promise.all(underWay);
    expect(outcomes.filter((outcome) => outcome !== 'done' && outcome !== 'ManagerError')).toEqual([]);
    expect([outcomes[1], outcomes[5]]).toEqual(['ManagerError', 'ManagerError']);
    await manager.action('Ping', {}, { wait: true });
    expect(ends).toEqual(['LOST']);
    expect((await events.next()).value).toHaveProperty('dropped', undefined);
    expect(await manager.status()).toEqual([]);
    await events.return?.();
  });

  describe('why a connection ended', () => {
    const ending = async (end: (manager: AsteriskManager) => Promise<unknown>): Promise<string[]> => {
      const manager = await connectTo();
      const ends: string[] = [];
      manager.on('end', ({ reason }) => ends.push(reason));
      await end(manager);
      await until('the end', () => (ends.length > 0 ? true : undefined));
      await manager.action('Ping', {}, { wait: true });
      return ends;
    };

    // Asterisk 16 notices it only when it next hears something.
    if (version === 22)
      test('a client that is thrown out', async () => {
        const kick = async (manager: AsteriskManager): Promise<unknown> => {
          const { text } = await manager.command('manager show connected');
          const descriptor = /^\s*phpagi\s.*?(\d+)\s+\d+\s+\S+\s+\S+\s*$/m.exec(text)?.[1];
          return asterisk.rx(`manager kick session ${descriptor}`);
        };
        expect(await ending(kick)).toEqual(['KICKED']);
      });

    test('Asterisk that is restarted in order', async () => {
      expect(await ending(() => asterisk.rx('core restart now'))).toEqual(['SHUTDOWN']);
    });

    test('a client that does not read', async () => {
      const flood = async (manager: AsteriskManager): Promise<void> => {
        manager.on('UserEvent', () => undefined);
        await manager.ping();
        const calling = manager.originate({ channel: 'Local/flood@default/n', application: 'Wait', data: '60' });
        calling.catch(() => undefined);
        await asterisk.log().match(/Flood/);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
      };
      expect(await ending(flood)).toEqual(['SLOW_READER']);
    });
  });
});

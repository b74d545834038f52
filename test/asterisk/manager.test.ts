import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { AsteriskManager, type ManagerOptions } from '../../src/manager';
import { HangupError, type FastagiError } from '../../src';
import { useAsterisk } from './support/asterisk';
import { freePort } from '../../scripts/ports.mjs';
import { useServer } from './support/fastagi-server';
import { managerParts as parts, ports } from './support/manager-parts';
import { startProxy } from './support/proxy';
import { describeWithXinetd } from './support/requirements';
import { until } from './support/waiting';

describeWithXinetd('the manager of a real Asterisk', () => {
  beforeAll(async () => {
    [ports.plain, ports.tls] = [await freePort(), await freePort()];
  });
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
exten => async,1,Answer()
 same => n,AGI(agi:async,one,two words)
 same => n,Verbose(1,@@ \${CHANNEL(name)} ended \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
 same => n,Wait(5)
exten => burst,1,Set(COUNT=0)
 same => n,While($[\${COUNT} < 10000])
 same => n,UserEvent(Burst,Index: \${COUNT})
 same => n,Set(COUNT=$[\${COUNT} + 1])
 same => n,EndWhile()
exten => 100,hint,Local/wait@default
exten => looks,1,Answer()
 same => n,AGI(agi://127.0.0.1:${server.port}/looks)
`,
    () => ({ ...parts(), modules: [...(parts().modules ?? []), 'app_while'] }),
  );

  const connect = async (options: ManagerOptions = {}): Promise<AsteriskManager> => {
    const manager = new AsteriskManager({ server: `127.0.0.1:${ports.plain}`, username: 'phpagi', secret: 'phpagi', ...options });
    onTestFinished(() => manager.close());
    return manager.connect();
  };

  describe('logging in', () => {
    test('with a challenge', async () => {
      const log = asterisk.log();
      const manager = await connect();
      expect(manager.version).toMatch(/^\d+\.\d+\.\d+$/);
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
      const manager = await connect({ server: `127.0.0.1:${proxy.port}` });
      expect(sent.join('')).toContain('Secret: phpagi\r\n');
      expect(await manager.ping()).toBeGreaterThan(0);
    });

    test('over TLS', async () => {
      const manager = await connect({ server: `127.0.0.1:${ports.tls}`, tls: true, tlsCa: `${asterisk.run}/etc/certificate.pem` });
      expect(await manager.command('manager show connected')).toContain('phpagi');
      await expect(connect({ server: `127.0.0.1:${ports.tls}`, tls: true })).rejects.toThrow('self-signed certificate');
    });

    test('with a wrong secret', async () => {
      await expect(connect({ secret: 'tr0ub4dor' })).rejects.toMatchObject({
        code: 'FASTAGI_MANAGER_LOGIN',
        reply: 'Authentication failed',
        message: expect.not.stringContaining('tr0ub4dor') as string,
      });
    });
  });

  test("phpagi's functions", async () => {
    const manager = await connect();
    expect(
      await manager.originate({
        channel: 'Local/wait@default',
        application: 'Wait',
        data: '20',
        variables: { X: 'a,b"c\\d(e', Y: 'zwölf' },
      }),
    ).toMatchObject({
      answered: true,
      reason: 'answered',
      channel: expect.stringMatching(/^Local\/wait@default-/) as string,
    });
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
    await expect(manager.atxfer({ channel: 'none', context: 'default', extension: 'wait' })).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_REFUSED',
    });

    expect(await manager.originate({ channel: 'Local/nowhere@default', application: 'Wait' })).toMatchObject({
      answered: false,
      reason: 'failed',
    });
    expect(await manager.originate({ channel: 'Local/busy@default', application: 'Wait' })).toMatchObject({
      answered: false,
      reason: 'busy',
    });

    await manager.queueAdd({ queue: 'support', interface: 'Local/wait@default', penalty: 2, memberName: 'Ann' });
    expect(await manager.queueStatus({ queue: 'support' })).toMatchObject([{ queue: 'support', members: [{ name: 'Ann', penalty: 2 }] }]);
    await manager.queueRemove({ queue: 'support', interface: 'Local/wait@default' });
    await manager.queueReload();
    expect(await manager.dbGet({ family: 'a', key: 'b' })).toBeUndefined();
    await manager.command('database put a b "va lue"');
    expect(await manager.dbGet({ family: 'a', key: 'b' })).toBe('va lue');
    await expect(manager.command('no such command')).rejects.toThrow("No such command 'no such command'");
    expect(await manager.extensionState({ extension: '100', context: 'default' })).toMatchObject({ hint: 'Local/wait@default' });
    expect(await manager.extensionState({ extension: '999', context: 'default' })).toMatchObject({ hint: undefined, state: 'unknown' });
    expect(await manager.mailboxCount({ mailbox: '1@default' })).toEqual({ urgent: 0, fresh: 0, old: 0 });
    expect(await manager.mailboxStatus({ mailbox: '1@default' })).toBe(false);
    expect(await manager.parkedCalls()).toEqual([]);
    expect(await manager.listCommands()).toHaveProperty('Originate');
    await manager.events('off');
    for (const gone of [manager.sipPeers(), manager.queues(), manager.monitor({ channel: 'x' }), manager.dahdiShowChannels()]) {
      await expect(gone).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_UNKNOWN_ACTION' });
    }
  });

  test('lists of hundreds of entries, several at once', async () => {
    const manager = await connect();
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
    const manager = await connect();
    const events = manager.events({ names: ['UserEvent'] });
    await manager.originate({ channel: 'Local/burst@default/n', application: 'Wait', data: '60', async: true });
    for (let index = 0; index < 10_000; index++) expect((await events.next()).value?.get('Index')).toBe(`${index}`);
    expect(events.dropped).toBe(0);
    await events.return?.();
  });

  test('a script looks at its own channel', async () => {
    server.use('manager/looks.js');
    const log = server.log();
    const manager = await connect();
    await manager.originate({ channel: 'Local/looks@default', application: 'Wait', data: '5' });
    expect(await server.result('looks')).toEqual(['AGI', `agi://127.0.0.1:${server.port}/looks`, 'by the manager', true]);
    await log.match(/manager: Setvar: done/);
    await log.match(/manager: Logoff: done/);
  });

  test('Asterisk is restarted in the middle', async () => {
    const manager = await connect();
    const booted: string[] = [];
    manager.on('FullyBooted', (event) => booted.push(event.get('Status') ?? ''));
    const events = manager.events({ names: ['UserEvent'] });
    const held = manager.originate({ channel: 'Local/wait@default', application: 'Wait', data: '1', timeout: 60_000 });
    await held;
    // Whatever happened would end the wait for an event.
    await asterisk.idle();
    const under = manager.action('WaitEvent', { Timeout: 20 });
    under.catch(() => undefined);
    await asterisk.restart(async () => {
      await until('the loss to be seen', () => (manager.connected ? undefined : true));
      await expect(manager.ping()).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_NOT_CONNECTED' });
    });
    await expect(under).rejects.toMatchObject({ name: 'ManagerError' });
    await manager.connect();
    await manager.action('UserEvent', { UserEvent: 'After', Index: 'back' });
    expect((await events.next()).value?.get('Index')).toBe('back');
    expect(booted).toHaveLength(1);
    await events.return?.();
  });

  describe('Async AGI', () => {
    test('two calls at once', async () => {
      const manager = await connect();
      const log = asterisk.log();
      const seen: unknown[] = [];
      let together = 0;
      const service = manager.agi(async (agi) => {
        together++;
        await until('both calls', () => (together === 2 ? true : undefined));
        await agi.setVariable('TEXT', 'grüß "dich", 200 result=1 (text)');
        const lines = await agi.getFullVariable(`\${BASE64_DECODE(${Buffer.from('two\nlines (of text)').toString('base64')})}`);
        seen.push([
          agi.args,
          await agi.getVariable('TEXT'),
          lines,
          await agi.getFullVariable('${CHANNEL(state)}'),
          (await agi.streamFile('beep')).digit,
        ]);
        await expect(agi.evaluate('NO SUCH COMMAND')).resolves.toMatchObject({ code: 510 });
        await agi.setVariable('RESULT', `served ${agi.request['agi_channel']}`);
      });
      await manager.ping();
      await asterisk.originate('async');
      await asterisk.originate('async');
      await log.match(/@@ (\S+) ended SUCCESS \[\] served \1[^]*@@ (\S+) ended SUCCESS \[\] served \2/, 30);
      await until('the end of both', () => (service.calls === 0 ? true : undefined));
      const one = [['one', 'two words'], 'grüß "dich", 200 result=1 (text)', 'two\nlines (of text)', 'Up', undefined];
      expect(seen).toEqual([one, one]);
    });

    test('a playback is stopped, a caller hangs up, a script fails', async () => {
      const manager = await connect();
      const log = asterisk.log();
      const seen: unknown[] = [];
      let calls = 0;
      const service = manager.agi(async (agi) => {
        if (++calls === 2) throw new Error('no database');
        if (calls === 3) {
          seen.push(await agi.streamFile('no-such-file').catch((error: unknown) => (error as FastagiError).code));
          return;
        }
        const signal = AbortSignal.timeout(500);
        const since = performance.now();
        await agi.streamFile('demo-congrats', '', 0, { signal }).catch((error: unknown) => seen.push((error as Error).name));
        await agi.noop();
        seen.push(performance.now() - since < 5000);
        await agi.streamFile('demo-congrats').catch((error: unknown) => seen.push(error instanceof HangupError));
        seen.push(agi.hungUp);
      });
      await manager.ping();
      await asterisk.originate('async');
      await until('the second playback', () => (seen.length === 2 ? true : undefined));
      await sleep(300);
      await asterisk.hangUp();
      await until('the end of the call', () => (service.calls === 0 ? true : undefined));
      expect(seen).toEqual(['TimeoutError', true, true, true]);
      await asterisk.originate('async');
      await log.match(/ended FAILURE \[Error: no database\]/);
      await asterisk.originate('async');
      await until('the missing sound', () => (seen.length === 5 ? true : undefined));
      expect(seen[4]).toBe('FASTAGI_COMMAND_FAILED');
    });

    test('the dialplan has its call back when the connection was lost in the middle', async () => {
      const proxy = await startProxy(ports.plain);
      const manager = await connect({ server: `127.0.0.1:${proxy.port}` });
      const log = asterisk.log();
      const seen: unknown[] = [];
      manager.agi(async (agi) => {
        await agi.streamFile('demo-congrats').catch((error: unknown) => seen.push(error instanceof HangupError));
      });
      await manager.ping();
      await asterisk.originate('async');
      await log.match(/Playing 'demo-congrats/);
      proxy.cut();
      await until('the script to be told', () => (seen.length === 1 ? true : undefined));
      expect(seen).toEqual([true]);
      await log.match(/ended FAILURE \[the connection to the manager was lost during the call\]/, 60);
    });
  });
});

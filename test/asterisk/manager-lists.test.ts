import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AsteriskManager, Fields } from '../../src/manager';
import { knownLists } from '../../src/manager/wire/list-table';
import { project, useAsterisk, version } from './support/asterisk';
import { choosePorts, connectTo, listingModules, ports } from './support/manager-parts';
import { describeWithAsterisk } from './support/requirements';
import { until } from './support/waiting';

const many = Array.from({ length: 300 }, (_, index) => index);

const pjsip = `[transport-udp]
type=transport
protocol=udp
bind=127.0.0.1:0
${many
  .slice(0, 100)
  .map(
    (n) => `[phone${n}]
type=endpoint
aors=phone${n}
auth=phone${n}
allow=ulaw
[phone${n}]
type=aor
max_contacts=1
contact=sip:phone${n}@127.0.0.1:9
[phone${n}]
type=auth
username=phone${n}
password=x
`,
  )
  .join('')}`;

/** What some have to be told. */
const fields: Readonly<Record<string, Fields>> = {
  BridgeInfo: { BridgeUniqueid: 'none' },
  ConfbridgeList: { Conference: 'none' },
  CoreShowChannelMap: { Channel: 'CHANNEL' },
  DBGet: { Family: 'many', Key: 'key7' },
  DBGetTree: { Family: 'many' },
  FAXSession: { SessionNumber: 1 },
  Hangup: { Channel: '/^Local/nothing-/' },
  PJSIPShowEndpoint: { Endpoint: 'phone7' },
  VoicemailBoxSummary: { Context: 'default', Mailbox: '100' },
  VoicemailUserStatus: { Context: 'default', Mailbox: '100' },
};

/** They do something, or never answer. */
const apart =
  /^(?:Log(?:in|off)|Challenge|Command|WaitEvent|Reload|Module|.*Config|LoggerRotate|Events|Filter|Originate|UserEvent|PJSIP(?:Notify|Qualify|Register|Unregister|SetMaintenance))/i;

describeWithAsterisk('the lists of a real Asterisk', () => {
  choosePorts();
  const asterisk = useAsterisk(
    () => `
[default]
exten => wait,1,Answer()
 same => n,Wait(60)
exten => rings,1,Ringing()
 same => n,Wait(30)
exten => meet,1,Answer()
 same => n,ConfBridge(room)
exten => queue,1,Answer()
 same => n,Queue(queue7)
${many.map((n) => `exten => ${1000 + n},1,NoOp()\nexten => ${1000 + n},hint,Custom:lamp${n}\n`).join('')}`,
    () => ({
      modules: listingModules,
      files: {
        manager: `[general]\nenabled=yes\nport=${ports.plain}\nbindaddr=127.0.0.1\n[phpagi]\nsecret=phpagi\nread=all\nwrite=all\n`,
        iax: `[general]\nbindport=0\n${many.map((n) => `[peer${n}]\ntype=friend\nhost=dynamic\nsecret=x\n`).join('')}`,
        queues: many.slice(0, 100).map((n) => `[queue${n}]\nstrategy=ringall\nmember => Local/wait@default\nmember => Local/${1000 + n}@default\n`).join(''),
        agents: `[agent](!)\n${many.slice(0, 50).map((n) => `[${n}](agent)\nfullname=Agent ${n}\n`).join('')}`,
        confbridge: '[default_user]\ntype=user\n[default_bridge]\ntype=bridge\n',
        voicemail: `[general]\nformat=wav\n[default]\n${many.slice(0, 100).map((n) => `${100 + n} => 1234,User ${n}\n`).join('')}`,
        res_parking: '[general]\n[default]\nparkext=>700\nparkpos=>701-720\ncontext=>parkedcalls\n',
        res_fax: '[general]\n',
        pjsip,
      },
    }),
  ); // prettier-ignore

  /** The items of a list by name, and how many Asterisk says there were. */
  const read = async (manager: AsteriskManager, name: string, given: Fields = {}): Promise<{ items: string[]; said: number }> => {
    const items: string[] = [];
    const list = manager.list(name, given);
    let step = await list.next();
    for (; !step.done; step = await list.next()) items.push(step.value.name);
    return { items, said: Number(step.value?.get('ListItems') ?? items.length) };
  };

  test('each list action keeps to the table, with hundreds of items and none', { timeout: 120_000 }, async () => {
    const manager = await connectTo();
    await Promise.all(many.map((n) => manager.action('DBPut', { Family: 'many', Key: `key${n}`, Val: n })));
    const call = await manager.originate({ channel: 'Local/wait@default/n', application: 'ConfBridge', data: 'room' });
    for (const extension of ['meet', 'queue'])
      await manager.originate({ channel: `Local/${extension}@default`, application: 'Wait', data: '60' });
    const strays: string[] = [];
    const listed: Record<string, number> = {};
    const unknown: string[] = [];
    for (const name of Object.keys(await manager.listCommands())) {
      if (apart.test(name)) continue;
      const given = name === 'CoreShowChannelMap' ? { Channel: call.channel } : (fields[name] ?? {});
      const answer = await manager.action(name, given).catch((error: Error) => error);
      if (answer instanceof Error) continue;
      const isList = answer.get('EventList') !== undefined || /^fax(?:stats|session)$/i.test(name);
      if (!isList) continue;
      if (!knownLists.includes(name.toLowerCase())) unknown.push(name);
      // FAXStats' answer comes before its item, which is no stray of the list below.
      await manager.ping();
      const off = manager.on('*', (event) => strays.push(`${name}: ${event.name} ${event.raw.includes('ActionID') ? 'with an id' : ''}`));
      const { items, said } = await read(manager, name, given);
      await manager.ping();
      off();
      // Asterisk 16 counts wrongly. The endpoint itself is counted once more, and peers of chan_iax2 are counted as they come.
      listed[name] = items.length;
      expect(
        [name, version === 16 || Math.abs(said - items.length) <= 1],
        `${name}: ${items.length} items, and Asterisk says ${said}`,
      ).toEqual([name, true]);
    }
    expect(unknown).toEqual([]);
    expect(strays.filter((stray) => stray.endsWith('with an id'))).toEqual([]);
    expect(Object.keys(listed).length).toBeGreaterThan(version === 16 ? 25 : 30);
    expect(listed).toMatchObject({
      DBGetTree: 300, IAXpeers: 300, IAXpeerlist: 300, QueueSummary: 100, PJSIPShowEndpoints: 100, PJSIPShowAors: 100, PJSIPShowAuths: 100,
      ExtensionStateList: 300, Agents: 50, DBGet: 1, ParkedCalls: 0, FAXStats: 1, ConfbridgeListRooms: 1,
    }); // prettier-ignore
    expect(listed['ShowDialPlan']).toBeGreaterThan(300);
    if (version === 22) expect(listed['VoicemailUsersList']).toBe(100);
    expect(listed['CoreShowChannels']).toBeGreaterThan(3);
    await asterisk.hangUp();
  });

  describe('the examples', () => {
    let dir: string;
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'fastagi-examples-'));
      cpSync(join(project, 'examples/manager'), dir, { recursive: true });
      mkdirSync(join(dir, 'node_modules'));
      symlinkSync(project, join(dir, 'node_modules/fastagi'));
    });
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    /** Runs one, and gives what it printed and its status. @param stop is called with all that came so far, until it says so */
    const run = async (name: string, words: string[], stop: (text: string) => boolean = () => false): Promise<[string, number | null]> => {
      const child = spawn(process.execPath, [join(dir, name), ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      let isStopped = false;
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => {
          text += String(bytes);
          if (!isStopped && stop(text)) isStopped = child.kill('SIGINT');
        });
      const [status] = (await once(child, 'close')) as [number | null];
      return [text, status];
    };
    const here = (): string => `127.0.0.1:${ports.plain}`;

    test('peers', async () => {
      const [text, status] = await run('peers.mjs', [here()]);
      expect(status).toBe(0);
      expect(text.trimEnd().split('\n')).toHaveLength(100);
      expect(text).toMatch(/^phone7 +\w[\w ]* 0 calls {2}phone7\/sip:phone7@127\.0\.0\.1:9$/m);
    });

    test('click to call', async () => {
      expect(await run('click-to-call.mjs', ['Local/wait@default', '1000', 'default', here()])).toEqual([
        expect.stringMatching(/^Local\/wait@default rings\nLocal\/wait@default: answered\nthe call is over: /) as string,
        0,
      ]);
      expect(await run('click-to-call.mjs', ['Local/nobody@default', '1000', 'default', here()])).toEqual([
        expect.stringContaining('Local/nobody@default: failed') as string,
        1,
      ]);
      const [text, status] = await run('click-to-call.mjs', ['Local/rings@default', '1000', 'default', here()], (so) =>
        so.includes('rings\n'),
      );
      expect([text, status]).toEqual([expect.stringContaining('you stopped it') as string, 1]);
      await asterisk.idle();
      expect((await run('click-to-call.mjs', [])).at(1)).toBe(2);
    });

    test('a call that is stopped before there is a channel does not ring on', async () => {
      const manager = await connectTo();
      const stopped = Array.from({ length: 20 }, async () => {
        const controller = new AbortController();
        const calling = manager.originate({ channel: 'Local/rings@default', application: 'Wait', data: '60', signal: controller.signal });
        // It is looked at as soon as Asterisk has taken the action.
        controller.abort(new Error('enough'));
        await expect(calling).rejects.toThrow('enough');
      });
      await Promise.all(stopped);
      await asterisk.idle();
    });

    test('a live list of calls', async () => {
      const manager = await connectTo();
      const calling = run('live-calls.mjs', [here()], (text) => /2 channels[^]*0 channels/.test(text));
      await manager.action('Ping');
      await until('the first list', async () =>
        (await manager.command('manager show connected')).text.match(/phpagi/g)?.length === 2 ? true : undefined,
      );
      await manager.originate({ channel: 'Local/wait@default/n', application: 'Wait', data: '1' });
      const [text, status] = await calling;
      expect(text).toMatch(/^0 channels\n/m);
      expect(text).toMatch(/ s  \w* .* -> .* {2}Local\/wait@default-/);
      expect(status).toBe(0);
    });
  });
});

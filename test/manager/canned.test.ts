import { describe, expect, it } from 'vitest';
import type { AsteriskManager } from '../../src/manager';
import type { ManagerAction } from '../../src/testing';
import { connected } from './support/connected';

/** What Asterisk 22 answers for what it does not have. */
const gone: [string, (manager: AsteriskManager) => Promise<unknown>, string][] = [
  ['monitor', (m) => m.monitor({ channel: 'x' }), 'use mixMonitor()'],
  ['changeMonitor', (m) => m.changeMonitor({ channel: 'x', file: 'y' }), 'mixMonitor() with the new file'],
  ['stopMonitor', (m) => m.stopMonitor({ channel: 'x' }), 'use stopMixMonitor()'],
  ['queues', (m) => m.queues(), 'use queueStatus()'],
  ['sipPeers', (m) => m.sipPeers(), 'use pjsipEndpoints()'],
  ['setCdrUserField', (m) => m.setCdrUserField({ channel: 'x', userField: 'y' }), 'CDR(userfield)'],
  ['dahdiDialOffhook', (m) => m.dahdiDialOffhook({ dahdiChannel: 1, number: '5' }), 'load chan_dahdi'],
  ['iaxPeers', (m) => m.iaxPeers(), 'load chan_iax2'],
  ['mixMonitor', (m) => m.mixMonitor({ channel: 'x', file: 'y' }), 'load app_mixmonitor'],
  ['queueAdd', (m) => m.action('QueueAdd'), 'load app_queue'],
  ['queueRemove', (m) => m.action('QueueRemove'), 'load app_queue'],
  ['queueReload', (m) => m.action('QueueReload'), 'load app_queue'],
  ['queueStatus', (m) => m.queueStatus(), 'load app_queue'],
  ['stopMixMonitor', (m) => m.stopMixMonitor({ channel: 'x' }), 'load app_mixmonitor'],
  ['iaxPeerList', (m) => m.action('IAXpeerlist'), 'load chan_iax2'],
  ['parkedCalls', (m) => m.action('ParkedCalls'), 'load res_parking'],
  ['pjsipEndpoints', (m) => m.action('PJSIPShowEndpoints'), 'load res_pjsip'],
];

describe("phpagi's functions", () => {
  it.each(gone)('%s says what to do where Asterisk does not have it', async (_name, run, remedy) => {
    const { manager } = await connected();
    await expect(run(manager)).rejects.toMatchObject({
      code: 'FASTAGI_MANAGER_UNKNOWN_ACTION',
      message: expect.stringContaining(remedy) as string,
    });
  });

  const done: ManagerAction = () => ({ message: 'done' });

  /** What must be on the wire, for those that give nothing. */
  const sent: [string, (manager: AsteriskManager) => Promise<void>, Record<string, string>][] = [
    ['AbsoluteTimeout', (m) => m.absoluteTimeout({ channel: 'x', timeout: 30 }), { Channel: 'x', Timeout: '30' }],
    ['Hangup', (m) => m.hangup({ channel: 'x', cause: 17 }), { Channel: 'x', Cause: '17' }],
    [
      'Redirect',
      (m) => m.redirect({ channel: 'x', context: 'c', extension: 'e' }),
      { Channel: 'x', Context: 'c', Exten: 'e', Priority: '1' },
    ],
    [
      'Redirect',
      (m) =>
        m.redirect({
          channel: 'x',
          context: 'c',
          extension: 'e',
          priority: 'n',
          extraChannel: 'y',
          extraContext: 'd',
          extraExtension: 'f',
        }),
      { Channel: 'x', Context: 'c', Exten: 'e', Priority: 'n', ExtraChannel: 'y', ExtraContext: 'd', ExtraExten: 'f', ExtraPriority: '1' },
    ],
    ['Atxfer', (m) => m.atxfer({ channel: 'x', context: 'c', extension: 'e' }), { Channel: 'x', Context: 'c', Exten: 'e', Priority: '1' }],
    [
      'Monitor',
      (m) => m.monitor({ channel: 'x', file: 'f', format: 'wav', mix: true }),
      { Channel: 'x', File: 'f', Format: 'wav', Mix: 'true' },
    ],
    ['ChangeMonitor', (m) => m.changeMonitor({ channel: 'x', file: 'f' }), { Channel: 'x', File: 'f' }],
    ['StopMonitor', (m) => m.stopMonitor({ channel: 'x' }), { Channel: 'x' }],
    ['MixMonitor', (m) => m.mixMonitor({ channel: 'x', file: 'f', options: 'b' }), { Channel: 'x', File: 'f', Options: 'b' }],
    ['StopMixMonitor', (m) => m.stopMixMonitor({ channel: 'x' }), { Channel: 'x' }],
    [
      'QueueAdd',
      (m) => m.queueAdd({ queue: 'q', interface: 'Local/1', penalty: 3, memberName: 'Ann' }),
      { Queue: 'q', Interface: 'Local/1', Penalty: '3', MemberName: 'Ann' },
    ],
    ['QueueRemove', (m) => m.queueRemove({ queue: 'q', interface: 'Local/1' }), { Queue: 'q', Interface: 'Local/1' }],
    ['QueueReload', (m) => m.queueReload({ queue: 'q', members: true }), { Queue: 'q', Members: 'yes' }],
    ['QueueReload', (m) => m.queueReload(), {}],
    [
      'SetCDRUserField',
      (m) => m.setCdrUserField({ channel: 'x', userField: 'u', append: true }),
      { Channel: 'x', UserField: 'u', Append: 'true' },
    ],
    ['DAHDIDialOffhook', (m) => m.dahdiDialOffhook({ dahdiChannel: 1, number: '5' }), { DAHDIChannel: '1', Number: '5' }],
    ['DAHDIDNDoff', (m) => m.dahdiDndOff({ dahdiChannel: 1 }), { DAHDIChannel: '1' }],
    ['DAHDIDNDon', (m) => m.dahdiDndOn({ dahdiChannel: 1 }), { DAHDIChannel: '1' }],
    ['DAHDIHangup', (m) => m.dahdiHangup({ dahdiChannel: 1 }), { DAHDIChannel: '1' }],
    ['DAHDITransfer', (m) => m.dahdiTransfer({ dahdiChannel: 1 }), { DAHDIChannel: '1' }],
  ];

  it.each(sent)('%s has its fields', async (name, run, fields) => {
    const { server, manager } = await connected({ actions: { [name]: done } });
    expect(await run(manager)).toBeUndefined();
    expect(server.actions.at(-1)?.name).toBe(name);
    expect(Object.fromEntries(server.actions.at(-1)?.fields ?? [])).toEqual(fields);
  });

  it('getVar and setVar', async () => {
    const { server, manager } = await connected();
    server.channels.set('SIP/1', new Map());
    await manager.setVar({ channel: 'SIP/1', variable: 'GREETING', value: 'grüß dich' });
    expect(await manager.getVar({ channel: 'SIP/1', variable: 'GREETING' })).toBe('grüß dich');
    expect(await manager.getVar({ variable: 'GREETING' })).toBeUndefined();
    expect(await manager.getVar({ channel: 'SIP/1', variable: 'OTHER' })).toBeUndefined();
    await manager.setVar({ channel: 'SIP/1', variable: 'OTHER', value: '' });
    expect(await manager.getVar({ channel: 'SIP/1', variable: 'OTHER' })).toBe('');
    expect(await manager.getVar({ channel: 'SIP/1', variable: 'CDR(nothing)' })).toBe('');
    await manager.setVar({ variable: 'GREETING', value: 5 });
    expect(await manager.getVar({ variable: 'GREETING' })).toBe('5');
    await expect(manager.getVar({ channel: 'SIP/2', variable: 'X' })).rejects.toThrow('No such channel');
  });

  it('getVar cannot tell more than the user may know', async () => {
    const { server, manager } = await connected({ users: { phpagi: { secret: 'phpagi', write: ['call'] } } });
    server.variables.set('EMPTY', '');
    server.variables.set('FULL', 'x');
    expect(await manager.getVar({ variable: 'FULL' })).toBe('x');
    expect(await manager.getVar({ variable: 'EMPTY' })).toBeUndefined();
  });

  it('dbGet', async () => {
    const { server, manager } = await connected();
    server.database.set('cidname/100', 'Ann');
    expect(await manager.dbGet({ family: 'cidname', key: '100' })).toBe('Ann');
    expect(await manager.dbGet({ family: 'cidname', key: '101' })).toBeUndefined();
    expect(await manager.ping()).toBeGreaterThan(0);
    const other = await connected({ users: { phpagi: { secret: 'phpagi', write: ['call'] } } });
    await expect(other.manager.dbGet({ family: 'cidname', key: '101' })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_PERMISSION' });
    await other.manager.close();
    await expect(other.manager.dbGet({ family: 'cidname', key: '101' })).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_CLOSED' });
  });

  it('command gives what the console prints, and its words where it fails', async () => {
    const { manager } = await connected();
    const text = 'System uptime: 17 minutes, 49 seconds\nLast reload: 17 minutes, 49 seconds';
    expect(await manager.command('core show uptime')).toEqual({ text, ok: true });
    expect(await manager.command('x')).toEqual({ text: expect.stringMatching(/^No such command 'x'/) as string, ok: false });
  });

  it('command throws if it was not run', async () => {
    const { manager } = await connected({ users: { phpagi: { secret: 'phpagi', write: ['system'] } } });
    await expect(manager.command('x')).rejects.toMatchObject({ code: 'FASTAGI_MANAGER_PERMISSION', action: 'Command' });
  });

  it('command takes the form of before Asterisk 14', async () => {
    const { manager } = await connected({ commands: 'old' });
    const text = 'System uptime: 17 minutes, 49 seconds\nLast reload: 17 minutes, 49 seconds';
    expect(await manager.command('core show uptime')).toEqual({ text, ok: true });
  });

  it.each([
    [-2, 'removed'],
    [-1, 'unknown'],
    [0, 'idle'],
    [1, 'inUse'],
    [2, 'busy'],
    [4, 'unavailable'],
    [8, 'ringing'],
    [9, 'ringingInUse'],
    [16, 'onHold'],
    [17, 'inUseOnHold'],
  ])('extensionState: %i is %s', async (Status, state) => {
    const { manager } = await connected({ actions: { ExtensionState: () => ({ fields: { Hint: 'x', Status } }) } });
    expect(await manager.extensionState({ extension: '1', context: 'default' })).toMatchObject({ state });
  });

  it('extensionState, mailboxCount, mailboxStatus and listCommands', async () => {
    const { manager } = await connected({
      actions: {
        ExtensionState: (action) => ({
          fields: { Hint: action.get('Exten') === '1' ? 'PJSIP/1' : '', Status: action.get('Exten') === '1' ? 8 : -1 },
        }),
        MailboxCount: () => ({ fields: { UrgMessages: 1, NewMessages: 2, OldMessages: 3 } }),
        MailboxStatus: () => ({ fields: { Waiting: 1 } }),
        ListCommands: () => ({ fields: { Ping: 'Keepalive', Hangup: 'Hang up' } }),
      },
    });
    const context = 'default';
    expect(await manager.extensionState({ extension: '1', context })).toEqual({
      extension: '1',
      context,
      hint: 'PJSIP/1',
      state: 'ringing',
    });
    expect(await manager.extensionState({ extension: '2', context })).toEqual({
      extension: '2',
      context,
      hint: undefined,
      state: 'unknown',
    });
    expect(await manager.mailboxCount({ mailbox: '1@default' })).toEqual({ urgent: 1, fresh: 2, old: 3 });
    expect(await manager.mailboxStatus({ mailbox: '1@default' })).toBe(true);
    const empty = await connected({
      actions: { MailboxStatus: () => ({ fields: { Waiting: 0 } }), Queues: () => ({ fields: { Output: 'support has 0 calls' } }) },
    });
    expect(await empty.manager.mailboxStatus({ mailbox: '1@default' })).toBe(false);
    expect(await empty.manager.queues()).toBe('support has 0 calls');
    expect(await manager.listCommands()).toEqual({ Ping: 'Keepalive', Hangup: 'Hang up' });
  });

  it('queueStatus, iaxPeers, sipPeers, pjsipEndpoints, parkedCalls, status and dahdiShowChannels', async () => {
    const list = (complete: string, ...entries: [string, Record<string, string | number>][]): ManagerAction => () => ({ list: { entries, complete } }); // prettier-ignore
    const peer = { ObjectName: 'ann', IPaddress: '192.0.2.7', Port: 4569, Dynamic: 'yes', Status: 'OK (3 ms)' };
    const { server, manager } = await connected({
      actions: {
        QueueStatus: list(
          'QueueStatusComplete',
          ['QueueParams', { Queue: 'support', Strategy: 'ringall', Calls: 1, Max: 0, Holdtime: 12, TalkTime: 3, Completed: 4, Abandoned: 5 }],
          ['QueueMember', { Queue: 'support', Name: 'Ann', Location: 'PJSIP/1', Penalty: 1, CallsTaken: 7, InCall: 1, Paused: 0, Status: 2 }],
          ['QueueEntry', { Queue: 'support', Position: 1, Channel: 'PJSIP/9', Uniqueid: '1.1', CallerIDNum: '555', CallerIDName: 'unknown', Wait: 9 }],
          ['QueueParams', { Queue: 'empty', Strategy: 'random' }],
        ),
        IAXpeerlist: list('PeerlistComplete', ['PeerEntry', peer]),
        SIPpeers: list('PeerlistComplete', ['PeerEntry', { ...peer, IPaddress: '-none-', Dynamic: 'no' }]),
        PJSIPShowEndpoints: list('EndpointListComplete', ['EndpointList', { ObjectName: '100', DeviceState: 'In use', Aor: '100', Contacts: '100/sip:a,100/sip:b,', ActiveChannels: 2 }]),
        ParkedCalls: list('ParkedCallsComplete', ['ParkedCall', { Parkinglot: 'default', ParkingSpace: 701, ParkeeChannel: 'PJSIP/2', ParkeeCallerIDNum: '5', ParkingTimeout: 45, ParkingDuration: 3 }]),
        DAHDIShowChannels: list('DAHDIShowChannelsComplete', ['DAHDIShowChannels', { DAHDIChannel: 3, Channel: 'DAHDI/3-1', Signalling: 'FXO Kewlstart', Context: 'pstn', DND: 'Enabled', Alarm: 'No Alarm' }]),
      },
    }); // prettier-ignore
    const [support, empty] = await manager.queueStatus();
    expect(support).toMatchObject({
      queue: 'support',
      strategy: 'ringall',
      calls: 1,
      holdTime: 12,
      talkTime: 3,
      completed: 4,
      abandoned: 5,
    });
    expect(support?.members).toEqual([
      { name: 'Ann', interface: 'PJSIP/1', penalty: 1, callsTaken: 7, isInCall: true, isPaused: false, pausedReason: undefined, status: 2 },
    ]);
    expect(support?.callers).toEqual([
      { position: 1, channel: 'PJSIP/9', uniqueId: '1.1', callerNumber: '555', callerName: undefined, wait: 9 },
    ]);
    expect(empty).toMatchObject({ queue: 'empty', members: [], callers: [] });
    expect(await manager.iaxPeers()).toEqual([{ name: 'ann', address: '192.0.2.7', port: 4569, isDynamic: true, status: 'OK (3 ms)' }]);
    expect(await manager.sipPeers()).toMatchObject([{ name: 'ann', address: undefined, isDynamic: false }]);
    expect(await manager.pjsipEndpoints()).toMatchObject([
      { name: '100', state: 'In use', contacts: ['100/sip:a', '100/sip:b'], activeChannels: 2 },
    ]);
    expect(await manager.parkedCalls()).toMatchObject([
      { lot: 'default', space: '701', channel: 'PJSIP/2', callerNumber: '5', timeout: 45, duration: 3 },
    ]);
    expect(await manager.dahdiShowChannels()).toEqual([
      { dahdiChannel: 3, channel: 'DAHDI/3-1', signalling: 'FXO Kewlstart', context: 'pstn', doNotDisturb: true, alarm: 'No Alarm' },
    ]);
    server.channels.set('SIP/1', new Map([['LANG', 'de']]));
    expect(await manager.status({ variables: ['LANG'] })).toMatchObject([{ channel: 'SIP/1', state: 'up', variables: { LANG: 'de' } }]);
    await expect(manager.status({ channel: 'SIP/2' })).rejects.toThrow('No such channel');
  });

  it('status says who is connected', async () => {
    const entry = { Channel: 'SIP/1', ChannelState: 6, CallerIDNum: '100', CallerIDName: '<unknown>', ConnectedLineNum: '200', ConnectedLineName: 'Bea', AccountCode: 'acc', Context: 'default', Exten: 's', Priority: 2 }; // prettier-ignore
    const { manager } = await connected({
      actions: { Status: () => ({ list: { entries: [['Status', entry]], complete: 'StatusComplete' } }) },
    });
    expect(await manager.status()).toMatchObject([
      {
        caller: { name: undefined, number: '100' },
        connected: { name: 'Bea', number: '200' },
        accountCode: 'acc',
        context: 'default',
        extension: 's',
      },
    ]);
  });

  it('pjsipEndpoints is empty where there are none', async () => {
    const { manager } = await connected({ actions: { PJSIPShowEndpoints: () => ({ error: 'No endpoints found' }) } });
    expect(await manager.pjsipEndpoints()).toEqual([]);
  });

  it('logoff closes the connection', async () => {
    const { manager } = await connected();
    await manager.logoff();
    expect(manager.connected).toBe(false);
  });

  it('events sets the mask', async () => {
    const { server, manager } = await connected();
    await manager.events('call,agi');
    expect(server.actions.findLast(({ name }) => name === 'Events')?.get('EventMask')).toBe('call,agi');
    manager.on('Hangup', () => undefined);
    await manager.ping();
    expect(server.actions.filter(({ name }) => name === 'Events')).toHaveLength(1);
    expect(server.filters).toEqual([]);
  });
});

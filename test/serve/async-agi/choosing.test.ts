import { describe, expect, it } from 'vitest';
import type { Agi } from '../../../src/index';
import { foundChannel } from '../../../src/serve/async-agi/found-channel';
import { connected, eventually, keptLog } from '../../manager/support/connected';

const long = 'x'.repeat(900);

describe('Async AGI by name', () => {
  it('serves the calls whose first argument is the name, and leaves the others to others', async () => {
    const { server, manager } = await connected();
    const seen: string[] = [];
    const script = (who: string) => (agi: Agi) => void seen.push(`${who} ${agi.args.join('|').slice(0, 12)}`);
    const [one, two] = [manager.agi(script('one'), { name: 'sales' }), manager.agi(script('two'), { name: 'support' })];
    await manager.ping();
    const channels = (
      [
        [['sales', 'a'], 'SIP/1'],
        [['support'], 'SIP/2'],
        [['other'], 'SIP/3'],
        [[], 'SIP/4'],
        // Too long for one event: the name may be cut off.
        [['sales', long, long], 'SIP/5'],
        [[`sales${long}`, long], 'SIP/6'],
      ] as const
    ).map(([args, channel], index) => server.asyncAgi({ args, values: { uniqueid: `1.${index}` } }, { channel }).channel);
    await eventually(() => seen.length === 3 && one.calls + two.calls === 0);
    expect(seen.toSorted()).toEqual(['one sales|a', 'one sales|xxxxxx', 'two support']);
    expect(channels.map(({ variables }) => variables.get('FASTAGISTATUS'))).toEqual([
      'SUCCESS',
      'SUCCESS',
      undefined,
      undefined,
      'SUCCESS',
      undefined,
    ]);
  });

  it('serves a call that waits already, and knows what the list of channels tells of it', async () => {
    const { server, manager } = await connected();
    const asterisk = server.asyncAgi(
      { args: ['sales', 'two words'], values: { uniqueid: '7.1' } },
      { callerId: { name: 'Łucja', number: '100' } },
    );
    const seen: unknown[] = [];
    const service = manager.agi(
      ({ request, args }) =>
        void seen.push(args, request['agi_calleridname'], request['agi_callerid'], request['agi_uniqueid'], request['agi_version']),
      { name: 'sales' },
    );
    await eventually(() => seen.length > 0 && service.calls === 0);
    expect(seen).toEqual([['sales', 'two words'], 'Łucja', '100', '7.1', manager.version]);
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
  });

  it.each([{ name: 'sales' }, {}])('takes what is lost of a request from the list of channels: %j', async (options) => {
    const { server, manager } = await connected();
    const seen: unknown[] = [];
    manager.agi(async (agi) => void seen.push(agi.args, agi.request['agi_uniqueid'], await agi.getVariable('A')), options);
    await manager.ping();
    // Each of them is written as three characters.
    const many = '\xfc'.repeat(700);
    server.asyncAgi({ args: ['sales', many], values: { uniqueid: '8.1' } }, { variables: { A: 'exact' } });
    await eventually(() => seen.length > 0);
    const [args, ...rest] = seen as [string[], ...unknown[]];
    expect([args.length, args[0], args[1] === many, ...rest]).toEqual([2, 'sales', true, '8.1', 'exact']);
  });

  it('passes over what is left of an environment that nobody has read', async () => {
    const { server, manager } = await connected();
    const { channel } = server.asyncAgi({ args: ['sales', long, long, long] });
    const seen: unknown[] = [];
    manager.agi(async (agi) => void seen.push(await agi.getVariable('A')), { name: 'sales' });
    channel.variables.set('A', 'exact');
    await eventually(() => seen.length > 0);
    expect(seen).toEqual(['exact']);
  });

  it('leaves calls that wait to whoever may be serving them, if it has no name', async () => {
    const { server, manager } = await connected();
    server.asyncAgi({ args: ['sales'] });
    let calls = 0;
    manager.agi(() => void calls++);
    await manager.ping();
    server.asyncAgi({ args: ['sales'] }, { channel: 'SIP/2' });
    await eventually(() => calls > 0);
    expect(calls).toBe(1);
  });
});

describe('Async AGI', () => {
  it('completes a request that Asterisk cut', async () => {
    const { server, manager } = await connected();
    const seen: unknown[] = [];
    const service = manager.agi(async (agi) => {
      seen.push(agi.args, agi.request['agi_threadid'], agi.rawRequest['agi_arg_3']);
      seen.push(await agi.getVariable('A'));
    });
    await manager.ping();
    const args = [long, `grüß${long}`, long];
    const { channel } = server.asyncAgi({ args: args.map((one) => Buffer.from(one).toString('latin1')) }, { variables: { A: 'exact' } });
    await eventually(() => seen.length === 4 && service.calls === 0);
    expect(seen).toEqual([args, '1', long, 'exact']);
    expect(channel.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('finds a call that began while the connection was away', async () => {
    const { server, manager } = await connected();
    const seen: string[] = [];
    const service = manager.agi((agi) => void seen.push(agi.request['agi_channel'] ?? ''));
    await manager.ping();
    await server.shutdown();
    const { channel } = server.asyncAgi({}, { channel: 'SIP/missed' });
    await server.restart();
    await eventually(() => seen.length > 0 && service.calls === 0);
    expect([seen, channel.variables.get('FASTAGISTATUS')]).toEqual([['SIP/missed'], 'SUCCESS']);
  });

  it('gives calls above its concurrency back to the dialplan, which learns why', async () => {
    const { server, manager } = await connected({}, { log: keptLog().log });
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const service = manager.agi(() => held, { concurrency: 2 });
    await manager.ping();
    const channels = ['SIP/1', 'SIP/2', 'SIP/3'].map((channel) => server.asyncAgi({}, { channel }).channel);
    await eventually(() => channels[2]?.variables.get('AGISTATUS') === 'SUCCESS');
    expect(channels[2]?.variables.get('FASTAGISTATUS')).toBe('BUSY');
    expect(channels[2]?.variables.get('FASTAGIERROR')).toBe('2 calls are being served, which is the concurrency');
    expect(service.calls).toBe(2);
    goOn();
    await eventually(() => service.calls === 0);
    expect(channels[0]?.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
  });

  it.each([0, -1, 1.5, NaN])('refuses a concurrency of %d', async (concurrency) => {
    const { manager } = await connected();
    expect(() => manager.agi(() => undefined, { concurrency })).toThrow(/concurrency is .*; it must be a whole number above 0/);
  });
});

describe('a channel in a list', () => {
  it.each([
    [{ Application: 'Playback', ApplicationData: 'agi:async' }],
    [{ Application: 'AGI', ApplicationData: 'agi://127.0.0.1/x' }],
    [{}],
  ])('is none of these: %j', (fields: Record<string, string>) => {
    expect(foundChannel({ get: (name) => fields[name] })).toBeUndefined();
  });
});

import { expect, test } from 'vitest';
import { answersTo, eventsBehind, strictRows } from '../manager/support/strictness';
import { useAsterisk, version } from './support/asterisk';
import { choosePorts, connectTo, managerParts, ports } from './support/manager-parts';
import { describeWithAsterisk } from './support/requirements';

/** Values that are random, but the same in each run. */
function randomValues(count: number): string[] {
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const signs = [
    ...'aZ09,,,"""\\\\\\()[]{}$=;:%#\'`|&!?*+-_ <>~^@/.',
    ...'äß漢💀',
    '\t',
    '\x01',
    '\x7f',
    '  ',
    '${X}',
    '$[1+1]',
    '\\,',
    '","',
  ];
  return Array.from({ length: count }, () => Array.from({ length: random(40) }, () => signs[random(signs.length)] ?? '').join(''));
}

describeWithAsterisk('values on their way to a real Asterisk and back', () => {
  choosePorts();
  const asterisk = useAsterisk(
    () => '[default]\nexten => wait,1,Answer()\n same => n,Wait(60)\n',
    () => {
      const { files, ...parts } = managerParts();
      return {
        ...parts,
        files: { ...files, manager: (files?.['manager'] ?? '').replace('[general]', '[general]\nchannelvars=TRACKED') },
      };
    },
  );

  test('a thousand variables arrive to the byte', { timeout: 60_000 }, async () => {
    const manager = await connectTo();
    const values = [...randomValues(994), '', ' ', '"', '\\', 'a\\', ' both '];
    for (let from = 0; from < values.length; from += 100) {
      const own = values.slice(from, from + 100);
      const variables = Object.fromEntries(own.map((value, index) => [`V${index}`, value]));
      const { channel = '', outcome } = await manager.originate({
        channel: 'Local/wait@default',
        application: 'Wait',
        data: '60',
        variables,
      });
      expect(outcome).toBe('answered');
      // Asked together: Asterisk answers them one by one, in order.
      expect(await Promise.all(own.map((_, index) => manager.getVar({ channel, variable: `V${index}` })))).toEqual(own);
      await manager.hangup({ channel });
    }
  });

  test('what cannot be carried is refused', async () => {
    const manager = await connectTo();
    const calling = { channel: 'Local/wait@default', application: 'Wait' };
    for (const value of ['a\nb', 'a\rb', 'a\0b', 'x'.repeat(1100), ','.repeat(600), '\ud800'])
      await expect(manager.originate({ ...calling, variables: { A: value } })).rejects.toMatchObject({ name: 'UsageError' });
    expect(await manager.status()).toEqual([]);
  });

  test('names, variables and values in events are what they were', async () => {
    const manager = await connectTo();
    const value = 'a\tb\\c "d" \'e\'?';
    const events = manager.events({ names: ['NewCallerid', 'VarSet', 'UserEvent'] });
    const next = async (name: string, isIt: (get: (header: string) => string | undefined) => boolean) => {
      for (let step = await events.next(); !step.done; step = await events.next()) {
        const event = step.value;
        if (!('dropped' in event) && event.name === name && isIt((header) => event.get(header))) return event;
      }
      throw new Error(`no ${name}`);
    };
    const { channel = '' } = await manager.originate({ channel: 'Local/wait@default', application: 'Wait', data: '60' });
    await manager.setVar({ channel, variable: 'TRACKED', value });
    expect((await next('VarSet', (get) => get('Variable') === 'TRACKED')).get('Value')).toBe(value);
    await manager.setVar({ channel, variable: 'CALLERID(name)', value });
    const named = await next('NewCallerid', (get) => get('CallerIDName') !== undefined);
    expect(named.get('CallerIDName')).toBe(value);
    expect(named.get('CallerIDNum')).toBeUndefined();
    expect(named.chanVariables().get('TRACKED')).toBe(value);
    expect(named.raw).toContain('CallerIDName: a\\tb\\\\c \\"d\\" \\\'e\\\'\\?');
    const [first] = await manager.status({ channel });
    expect(first?.caller).toEqual({ name: value, number: undefined });
    await manager.action('UserEvent', { UserEvent: 'Raw', CallerIDName: value, ActionID: 'forged' });
    const raw = await next('UserEvent', () => true);
    expect([raw.get('CallerIDName'), raw.get('ActionID')]).toEqual([value, 'forged']);
    await manager.hangup({ channel });
    await asterisk.idle();
  });

  test('what is not set is told from what is empty', async () => {
    const manager = await connectTo();
    const { channel = '' } = await manager.originate({
      channel: 'Local/wait@default',
      application: 'Wait',
      data: '60',
      variables: { EMPTY: '' },
    });
    expect(await manager.getVar({ channel, variable: 'EMPTY' })).toBe('');
    expect(await manager.getVar({ channel, variable: 'UNSET' })).toBeUndefined();
    await manager.setVar({ variable: 'GLOBAL_ONE', value: 'x' });
    expect(await manager.getVar({ variable: 'GLOBAL_ONE' })).toBe('x');
    expect(await manager.getVar({ variable: 'GLOBAL_TWO' })).toBeUndefined();
    await manager.hangup({ channel });
  });

  test('lines up to their last byte, and no longer', async () => {
    const manager = await connectTo();
    const value = 'x'.repeat(1022 - 'Value: '.length);
    await manager.setVar({ variable: 'LONG', value });
    expect(await manager.getVar({ variable: 'LONG' })).toBe(value);
    await expect(manager.setVar({ variable: 'LONG', value: `${value}x` })).rejects.toThrow('1023 bytes, and Asterisk takes 1022');
    const lines = Object.fromEntries(Array.from({ length: 126 }, (_, index) => [`H${index}`, 'x']));
    expect((await manager.action('Ping', lines)).get('Ping')).toBe('Pong');
  });

  // A filter of nothing lets everything through there.
  const rows = strictRows.filter(({ what }) => version === 22 || what !== 'a filter of nothing');
  test.each(rows)('answers are those that the simulated manager gives: $what', async (row) => {
    expect(await answersTo(ports.plain, row)).toEqual(row.answers);
  });

  test.each(version === 22 ? ['MatchCriteria: name(Newexten)', 'Filter: Event: Newexten'] : ['Filter: Event: Newexten'])(
    'events come that a filter lets through, and no others: %s',
    async (filter) => {
      const manager = await connectTo();
      const raise = async (): Promise<void> => {
        const { channel = '' } = await manager.originate({ channel: 'Local/wait@default', application: 'Wait', data: '60' });
        await manager.hangup({ channel });
        await manager.action('UserEvent', { UserEvent: 'Last' });
      };
      const names = await eventsBehind(ports.plain, filter, raise);
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => name !== 'Newexten')).toEqual([]);
    },
  );
});

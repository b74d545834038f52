import { describe, expect, it } from 'vitest';
import { Message } from '../../../src/manager/wire/message';

const message = (...lines: string[]) => new Message(lines.join('\r\n'));

/** As Asterisk writes a channel's state. */
const snapshot = (name: string, as = '') => [
  `${as}Channel: PJSIP/1`, `${as}ChannelState: 6`, `${as}ChannelStateDesc: Up`, `${as}CallerIDNum: 100`, `${as}CallerIDName: ${name}`,
  `${as}ConnectedLineNum: <unknown>`, `${as}ConnectedLineName: ${name}`, `${as}Language: en`, `${as}AccountCode: a\\tb`, `${as}Context: default`,
  `${as}Exten: s`, `${as}Priority: 1`, `${as}Uniqueid: 1.1`, `${as}Linkedid: 1.1`,
]; // prettier-ignore

describe('a message', () => {
  const repeated = message('Event: A', 'X: 1', 'x: 2', 'ChanVariable: N=1', 'Y: ', 'X: 3');

  it('gives headers however their names are capitalised, the first of one that repeats, and all in order', () => {
    expect(repeated.get('x')).toBe('1');
    expect(repeated.all('X')).toEqual(['1', '2', '3']);
    expect(repeated.get('y')).toBe('');
    expect(repeated.get('z')).toBeUndefined();
    expect(repeated.all('z')).toEqual([]);
    expect(repeated.headers).toEqual([['Event', 'A'], ['X', '1'], ['x', '2'], ['ChanVariable', 'N=1'], ['Y', ''], ['X', '3']]); // prettier-ignore
    expect(repeated.raw).toBe('Event: A\nX: 1\nx: 2\nChanVariable: N=1\nY: \nX: 3');
  });

  it('passes over lines that name no header', () => {
    expect(message('Event: A', ': x', 'nothing', 'X: 1').headers).toEqual([['Event', 'A'], ['X', '1']]); // prettier-ignore
  });

  it('has a kind and a name', () => {
    for (const [lines, kind, name] of [
      [['Event: Hangup'], 'event', 'Hangup'],
      [['X: 1', 'Event: Hangup'], 'event', 'Hangup'],
      [['Response: Success', 'Event: Hangup'], 'event', 'Hangup'],
      [['event:Hangup'], 'event', 'Hangup'],
      [['ActionID: 1', 'response: Error'], 'response', 'Error'],
      [['X: Event: 1'], 'neither', ''],
      [['XEvent: 1', 'XResponse: 2'], 'neither', ''],
      [['X: 1\rEvent: forged'], 'neither', ''],
    ] as const) {
      const found = message(...lines);
      expect([found.isEvent ? 'event' : found.isResponse ? 'response' : 'neither', found.name], lines.join(' / ')).toEqual([kind, name]);
    }
  });

  it('knows the action that it belongs to', () => {
    expect(message('Response: Success', 'ActionID: a-1').actionId).toBe('a-1');
    expect(message('ActionID: a-1', 'Response: Success').actionId).toBe('a-1');
    expect(message('Event: X', 'actionid:a-1').actionId).toBe('a-1');
    expect(message('Event: X', 'Y: ActionID: a-1').actionId).toBeUndefined();
    expect(message('Event: X', 'Y: 1\rActionID: a-1').actionId).toBeUndefined();
  });

  it('reaches no prototype by its names', () => {
    const hostile = message('Event: A', '__proto__: x', 'constructor: y', 'ChanVariable: __proto__=z');
    expect(hostile.get('__proto__')).toBe('x');
    expect(hostile.get('toString')).toBeUndefined();
    expect(hostile.chanVariables().get('__proto__')).toBe('z');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('gives variables of its channels as Maps', () => {
    const event = message(
      'Event: DialBegin', ...snapshot('Ann'), 'ChanVariable: A=1', 'ChanVariable: B=x=\\ty', 'ChanVariable: C', ...snapshot('Bob', 'Dest'), 'DestChanVariable: A=2',
    ); // prettier-ignore
    expect([...event.chanVariables()]).toEqual([['A', '1'], ['B', 'x=\ty'], ['C', '']]); // prettier-ignore
    expect([...event.chanVariables('Dest')]).toEqual([['A', '2']]);
    expect(event.chanVariables('None').size).toBe(0);
  });
});

describe('C escapes', () => {
  const written = 'a\\tb\\\\c \\"d\\"\\n\\a\\b\\f\\r\\v\\\'\\?\\q';
  const read = 'a\tb\\c "d"\n\x07\b\f\r\v\'?q';

  it.each(['', 'Dest', 'OrigTransferer'])("are taken back in the names of a channel's state: %s", (as) => {
    const event = message('Event: X', ...snapshot(written, as));
    expect(event.get(`${as}CallerIDName`)).toBe(read);
    expect(event.get(`${as}ConnectedLineName`)).toBe(read);
    expect(event.get(`${as}AccountCode`)).toBe('a\\tb');
    expect(event.raw).toContain(written);
  });

  it('are taken back in the value of VarSet, in presence, and in variables behind a state', () => {
    expect(message('Event: VarSet', 'Variable: X\\t', `Value: ${written}`).get('Value')).toBe(read);
    expect(message('Event: PresenceStateChange', `Subtype: ${written}`, `Message: ${written}`).all('Message')).toEqual([read]);
    expect(message('Event: PresenceStateChange', `Subtype: ${written}`).get('Subtype')).toBe(read);
    const event = message('Event: Hangup', ...snapshot('x'), 'Tenantid: t', `ChanVariable: A=${written}`, `ChanVariable: B=${written}`);
    expect([...event.chanVariables().values()]).toEqual([read, read]);
    expect(
      message('Event: Hangup', ...snapshot('x'), `ChanVariable: A=${written}`)
        .chanVariables()
        .get('A'),
    ).toBe(read);
  });

  it('in a hundred thousand variables cost no more than their number', () => {
    const variables = Array.from({ length: 100_000 }, (_, n) => `ChanVariable: V${n}=a\\tb`);
    const event = message('Event: Hangup', ...snapshot('x'), ...variables);
    expect(event.chanVariables().get('V99999')).toBe('a\tb');
  });

  it.each([
    ['a value of another event', ['Event: Other', `Value: ${written}`], 'Value'],
    ['a name that stands alone', ['Event: QueueEntry', 'CallerIDNum: 1', `CallerIDName: ${written}`], 'CallerIDName'],
    ['a name beside other headers', ['Event: X', 'ChannelStateDesc: Up', 'Y: 1', `CallerIDName: ${written}`], 'CallerIDName'],
    ["another channel's name", ['Event: X', 'ChannelStateDesc: Up', 'CallerIDNum: 1', `DestCallerIDName: ${written}`], 'DestCallerIDName'],
    ['a variable that stands alone', ['Event: OriginateResponse', 'Uniqueid: 1', `ChanVariable: ${written}`], 'ChanVariable'],
    ['the answer to Getvar', ['Response: Success', `Value: ${written}`], 'Value'],
    [
      'an item of Status',
      ['Event: Status', ...snapshot('x'), 'EffectiveConnectedLineNum: 1', `EffectiveConnectedLineName: ${written}`],
      'EffectiveConnectedLineName',
    ],
  ] as const)('are left where Asterisk writes none: %s', (_what, lines, header) => {
    expect(message(...lines).get(header)).toBe(written);
  });

  it('are left in what the sender of a UserEvent wrote, which may look like a state', () => {
    const event = message('Event: UserEvent', ...snapshot(written), 'UserEvent: Forged', ...snapshot(written, 'Own'), 'OwnX: <unknown>');
    expect(event.get('CallerIDName')).toBe(read);
    expect(event.get('OwnCallerIDName')).toBe(written);
    expect(event.get('OwnX')).toBe('<unknown>');
    expect(event.get('ConnectedLineNum')).toBeUndefined();
  });
});

it('<unknown> is undefined', () => {
  const event = message('Event: X', ...snapshot('Ann'), 'Y: <unknown> too');
  expect(event.get('ConnectedLineNum')).toBeUndefined();
  expect(event.all('ConnectedLineNum')).toEqual([]);
  expect(event.headers).toContainEqual(['ConnectedLineNum', undefined]);
  expect(event.get('Y')).toBe('<unknown> too');
});

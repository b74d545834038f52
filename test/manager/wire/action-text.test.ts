import { describe, expect, it } from 'vitest';
import { actionText, ownId } from '../../../src/manager/wire/action-text';
import { parseServer } from '../../../src/manager/wire/server-address';

describe('an action on the wire', () => {
  it('has its fields in order, repeated ones as often as they are given', () => {
    expect(
      actionText('Originate', 'a-1', { Channel: 'Local/1', Variable: ['A=1', 'B=2'], Async: true, Timeout: 5, Account: undefined }),
    ).toBe('Action: Originate\r\nActionID: a-1\r\nChannel: Local/1\r\nVariable: A=1\r\nVariable: B=2\r\nAsync: true\r\nTimeout: 5\r\n\r\n');
  });

  it('carries UTF-8', () => {
    expect(actionText('Ping', '1', { Name: 'é' })).toContain('Name: \xc3\xa9\r\n');
  });

  it.each([
    ['a CR LF in a value', { Channel: 'x\r\nAction: Originate' }],
    ['a CR in a value', { Channel: 'x\ry' }],
    ['a LF in a value', { Channel: 'x\ny' }],
    ['a NUL in a value', { Channel: 'x\0y' }],
    ['a LF in one of several values', { Variable: ['a=1', 'b=2\nAction: Logoff'] }],
    ['a CR LF in a name', { 'X\r\nAction': 'Logoff' }],
    ['a colon in a name', { 'X: y': '1' }],
    ['an empty name', { '': '1' }],
    ['a second Action', { Action: 'Logoff' }],
    ['an ActionID that is none', { ActionID: true }],
    ['variables that are none', { variables: null as never }],
    ['a value of a variable that is none', { variables: { A: undefined as never } }],
    ['a name that is none of a variable', { variables: { 'A=1,B': 'x' } }],
    ['an empty name of a variable', { variables: { '': 'x' } }],
    ['a newline in a variable', { variables: { A: 'x\ny' } }],
    ['several variables under another name', { Headers: { A: '1' } }],
    ['no number', { Timeout: NaN }],
    ['an object', { Channel: {} as string }],
  ])('refuses %s', (_what, fields) => {
    expect(() => actionText('Ping', '1', fields)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^FASTAGI_(?:MANAGER_FIELD|ARGUMENT_TYPE)$/) as string }),
    );
  });

  it('refuses a name of an action that would end the line', () => {
    expect(() => actionText('Ping\r\nAction: Logoff', '1', {})).toThrow(/holds a line end.*nothing was sent/);
  });

  it('knows how long a line may be, to the byte', () => {
    expect(() => actionText('Setvar', '1', { Value: 'x'.repeat(1022 - 'Value: '.length) })).not.toThrow();
    expect(() => actionText('Setvar', '1', { Value: 'x'.repeat(1023 - 'Value: '.length) })).toThrow('1023 bytes, and Asterisk takes 1022');
    expect(() => actionText('Setvar', '1', { Value: 'é'.repeat(600) })).toThrow('1207 bytes');
  });

  it('knows how many lines an action may have', () => {
    const variables = (count: number): string[] => Array.from({ length: count }, (_, index) => `V${index}=1`);
    expect(() => actionText('Originate', '1', { Variable: variables(126) })).not.toThrow();
    expect(() => actionText('Originate', '1', { Variable: variables(127) })).toThrow('129 lines, and Asterisk takes 128');
  });
});

describe('an ActionID', () => {
  it("is the caller's own if it has one, however it is written", () => {
    expect(actionText('Ping', '1', { ActionID: 'mine' })).toBe('Action: Ping\r\nActionID: mine\r\n\r\n');
    expect(actionText('Ping', '1', { actionid: 7 })).toBe('Action: Ping\r\nActionID: 7\r\n\r\n');
    expect(actionText('Ping', '1', { ActionID: undefined })).toBe('Action: Ping\r\nActionID: 1\r\n\r\n');
    expect(ownId({ X: '1' })).toBeUndefined();
  });
});

describe('variables', () => {
  it('have a header each, with a backslash before what Asterisk takes apart', () => {
    const variables = { A: 'one', B: 2, __C: '', 'CHANNEL(language)': 'x', D: 'a,b"c\\d(e)[f] ' };
    expect(actionText('Originate', '1', { variables, Channel: 'Local/1' })).toBe(
      'Action: Originate\r\nActionID: 1\r\nVariable: A=one\r\nVariable: B=2\r\nVariable: __C=\r\nVariable: CHANNEL\\(language\\)=x\r\n' +
        'Variable: D=a\\,b\\"c\\\\d\\(e\\)\\[f\\] \r\nChannel: Local/1\r\n\r\n',
    );
  });
});

describe('an event mask', () => {
  it.each(['on', 'off', 'ALL', 'none', 'call', 'call, agi,System', 'yes', '0'])('%s goes', (mask) => {
    expect(actionText('Events', '1', { EventMask: mask })).toContain(`EventMask: ${mask}\r\n`);
  });

  it.each(['', 'calls', 'call,calls', 'call,,agi', 'on,call'])('%j does not: Asterisk would switch events off', (mask) => {
    for (const [action, field] of [
      ['Events', 'EventMask'],
      ['Login', 'Events'],
    ] as const)
      expect(() => actionText(action, '1', { [field]: mask })).toThrow(expect.objectContaining({ code: 'FASTAGI_MANAGER_MASK' }));
  });
});

describe('the server', () => {
  it.each([
    ['localhost', 'localhost', undefined],
    ['pbx.example.org:5039', 'pbx.example.org', 5039],
    ['192.0.2.7:5038', '192.0.2.7', 5038],
    ['[::1]', '::1', undefined],
    ['[2001:db8::7]:5039', '2001:db8::7', 5039],
    ['::1', '::1', undefined],
    ['fe80::1%eth0', 'fe80::1%eth0', undefined],
  ])('%s', (text, host, port) => {
    expect(parseServer(text)).toEqual({ host, port });
  });

  it.each(['', ':5038', 'host:', 'host:0', 'host:65536', 'host:port', '[::1', 'a b', 'tcp://host:5038', '[host]:1'])(
    '%j is refused',
    (text) => {
      expect(() => parseServer(text)).toThrow('write host, host:port or [IPv6 address]:port');
    },
  );
});

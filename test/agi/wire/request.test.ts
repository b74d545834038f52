import { describe, expect, it } from 'vitest';
import { createEnvironmentReader, largestEnvironment } from '../../../src/agi/wire/environment-reader';
import { parseRequest, requestArguments, requestQuery } from '../../../src/agi/wire/request';
import { decodeText } from '../../../src/ground/text';
import { environment } from '../../support/peer';

const whole = environment('probe/x.js?foo=bar&b=1', {
  agi_arg_1: 'one',
  agi_arg_2: 'arg:two',
  agi_arg_3: '',
  agi_calleridname: 'J\xfcrgen: \xff',
});

function read(pieces: Iterable<string>): { environment: string; rest: string } | undefined {
  const reader = createEnvironmentReader();
  let found;
  for (const piece of pieces) found ??= reader.push(piece);
  return found;
}

describe('the environment', () => {
  it('is the same whole, byte by byte, and cut at every place', () => {
    const expected = { environment: whole.slice(0, -2), rest: '' };
    expect(read([whole])).toEqual(expected);
    expect(read(whole)).toEqual(expected);
    for (let at = 1; at < whole.length; at++) expect(read([whole.slice(0, at), whole.slice(at)])).toEqual(expected);
  });

  it('ends as well in lines with a carriage return', () => {
    const returns = whole.replaceAll('\n', '\r\n');
    expect(read([returns])).toEqual({ environment: whole.slice(0, -2), rest: '' });
    expect(read(returns)).toEqual({ environment: whole.slice(0, -2), rest: '' });
  });

  it('is not there before its empty line', () => {
    for (let at = 0; at < whole.length; at++) expect(read([whole.slice(0, at)])).toBeUndefined();
  });

  it('keeps what comes behind it', () => {
    expect(read([`${whole}HANGUP\n`])?.rest).toBe('HANGUP\n');
  });

  it('may be nothing but its empty line', () => {
    expect(read(['\n'])).toEqual({ environment: '', rest: '' });
  });

  it.each([0, 1])('of exactly 64 KiB and %i is the same however it comes', (more) => {
    const all = 'agi_x: '.padEnd(largestEnvironment + more, 'x') + '\n\n';
    const cuts = [[all], ...[1, 2, 3].map((at) => [all.slice(0, -at), all.slice(-at)])];
    for (const pieces of cuts) {
      if (more === 0) expect(read(pieces)?.environment).toHaveLength(largestEnvironment);
      else expect(() => read(pieces)).toThrow(expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_LARGE' }));
    }
  });

  it('is refused beyond 64 KiB, also a line without end', () => {
    expect(() => read(['agi_x: '.padEnd(largestEnvironment + 3, 'x')])).toThrow(
      expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_LARGE' }),
    );
    expect(() => read(`agi_x: y\n`.repeat(8000))).toThrow(expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_LARGE' }));
  });
});

describe('the request', () => {
  it('splits at the first colon, and keeps every byte', () => {
    const request = parseRequest(whole.slice(0, -2));
    expect(request['agi_arg_2']).toBe('arg:two');
    expect(request['agi_accountcode']).toBe('');
    expect(request['agi_calleridname']).toBe('J\u00fcrgen: \u00ff');
    expect(parseRequest(whole.slice(0, -2), decodeText)['agi_calleridname']).toBe('J\udcfcrgen: \udcff');
    expect(requestArguments(request)).toEqual(['one', 'arg:two', '']);
    expect([...requestQuery(request)]).toEqual([
      ['foo', 'bar'],
      ['b', '1'],
    ]);
  });

  it.each([
    ['G\xfcnter', 'G\u00fcnter'],
    ['G\xc3\xbcnter', 'G\u00fcnter'],
    ['G\xc3\xbcnter \xf0\x9f\x93\x9e'.slice(0, -1), 'G\u00fcnter \u00f0\u009f\u0093'],
    ['\xed\xa0\x80\xed\xb0\x80', '\u00ed\u00a0\u0080\u00ed\u00b0\u0080'],
    ['\xff\xfe\xc3', '\u00ff\u00fe\u00c3'],
  ])('is well-formed whatever bytes came: %j', (bytes, text) => {
    const named = `agi://h/x.js?n=${bytes}&e=${[...bytes].map((byte) => `%${byte.charCodeAt(0).toString(16)}`).join('')}&a+b=%2B+%zz&&c`;
    const request = parseRequest(`agi_network_script: ${named}\nagi_calleridname: ${bytes}\nagi_arg_1: ${bytes}`);
    expect(request['agi_calleridname']).toBe(text);
    expect(requestArguments(request)).toEqual([text]);
    expect([...requestQuery(request)]).toEqual([['n', text], ['e', text], ['a b', '+ %zz'], ['c', '']]); // prettier-ignore
    for (const value of [...Object.values(request), ...requestQuery(request).values()]) expect(value.isWellFormed()).toBe(true);
  });

  it.each(['hello', 'agi_x', 'AGI_X: 1', 'x: y', '__proto__: x', ''])('refuses what begins with %j', (line) => {
    expect(() => parseRequest(`${line}\nagi_network: yes`)).toThrow(expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_MALFORMED' }));
  });

  it.each(['agi_x: 1', 'agi_az: 1', 'agi_0: 1', 'agi_9_z: 1', 'agi_x:', 'agi_x: '])('takes %j for a name and its value', (line) => {
    const name = line.slice(0, line.indexOf(':'));
    expect(Object.keys(parseRequest(line))).toEqual([name]);
  });

  it.each(['agi_: 1', 'agi_x:1', 'agi_X: 1', 'agi_`: 1', 'agi_{: 1', 'agi_/: 1', 'agi_x;: 1', 'xagi_: 1', 'agi: 1', 'agi_x 1', 'agi_^: 1'])(
    'takes %j for a part of the value before',
    (line) => expect(parseRequest(`agi_a: b\n${line}`)).toEqual({ agi_a: `b\n${line}` }),
  );

  it('cannot be used to reach a prototype', () => {
    expect(parseRequest('agi_a: 1')['constructor']).toBeUndefined();
  });
});

/** An environment with these values, as Asterisk would send it: as they are. */
const withValues = (values: Record<string, string>): string => environment('probe/x.js', values);

it('an environment with a NUL is refused, wherever it stands', () => {
  for (const at of [0, 20, whole.length - 3]) {
    expect(() => read([`${whole.slice(0, at)}\0${whole.slice(at)}`])).toThrow(expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_NUL' }));
  }
});

describe('values that hold newlines', () => {
  const cases: [string, Record<string, string>][] = [
    ['at the end of an argument', { agi_arg_1: 'one\n', agi_arg_2: 'two' }],
    ['at the end of the last argument', { agi_arg_1: 'one', agi_arg_2: 'two\n' }],
    ['in the middle', { agi_arg_1: 'a\nb\nc', agi_arg_2: 'd' }],
    ['an empty line in an argument', { agi_arg_1: 'a\n\nb', agi_arg_2: '\n\n', agi_arg_3: 'c' }],
    ["in a caller's name", { agi_calleridname: 'Eve\n\nx', agi_arg_1: 'a' }],
    [
      'names that would steer',
      { agi_calleridname: 'Eve\nagi_network_script: evil\nagi_channel: SIP/x\nagi_accountcode: vip\nagi_arg_1: evil', agi_arg_1: 'good' },
    ],
    ['names of arguments', { agi_arg_1: 'a\nagi_arg_1: b\nagi_arg_3: c', agi_arg_2: 'd' }],
  ];

  it.each(cases)('%s: each value stays whole, however it comes', (_what, values) => {
    const bytes = withValues(values);
    for (const pieces of [[bytes], [...bytes], ...[...bytes].map((_, at) => [bytes.slice(0, at), bytes.slice(at)])]) {
      const reader = createEnvironmentReader();
      let found;
      for (const piece of pieces) found = reader.push(piece) ?? found;
      const request = parseRequest(found?.environment ?? '');
      // Behind agi_threadid an empty line that comes alone is taken for the end.
      const isCutInArguments = pieces.length > 1 && Object.values(values).some((value) => /\n\n|\n$/.test(value));
      if (!isCutInArguments) expect({ ...request, ...values }).toEqual({ ...request });
      expect(request['agi_network_script']).toBe('probe/x.js');
      expect(request['agi_channel']).toBe('PJSIP/100-00000001');
      expect(request['agi_accountcode']).toBe('');
      if (!isCutInArguments)
        expect(requestArguments(request)).toEqual(
          Object.entries(values)
            .filter(([name]) => name.startsWith('agi_arg'))
            .map(([, value]) => value),
        );
    }
  });

  it('a peer that is no whole Asterisk cannot steer either', () => {
    const request = parseRequest('agi_network: yes\nagi_network_script: good\nagi_callerid: 1\nagi_network_script: evil\nagi_callerid: 2');
    expect(request).toEqual({
      agi_network: 'yes',
      agi_network_script: 'good',
      agi_callerid: '1\nagi_network_script: evil\nagi_callerid: 2',
    });
  });

  it('an environment that Asterisk would not end there is taken when no more comes', () => {
    const reader = createEnvironmentReader();
    expect(reader.push('agi_network: yes\nagi_version: 1.4\n\n')).toBeUndefined();
    expect(reader.settle()).toEqual({ environment: 'agi_network: yes\nagi_version: 1.4', rest: '' });
  });
});

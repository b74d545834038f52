import { describe, expect, it } from 'vitest';
import { createEnvironmentReader, largestEnvironment } from '../../src/agi/environment';
import { parseRequest, requestArguments, requestQuery } from '../../src/agi/request';
import { environment } from '../support/peer';

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

  it('is not there before its empty line', () => {
    for (let at = 0; at < whole.length; at++) expect(read([whole.slice(0, at)])).toBeUndefined();
  });

  it('keeps what comes behind it', () => {
    expect(read([`${whole}HANGUP\n`])?.rest).toBe('HANGUP\n');
  });

  it('may be nothing but its empty line', () => {
    expect(read(['\n'])).toEqual({ environment: '', rest: '' });
  });

  it('is refused beyond 64 KiB, also a line without end', () => {
    expect(() => read(['agi_x: '.padEnd(largestEnvironment + 1, 'x')])).toThrow(
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
    expect(request['agi_calleridname']).toBe('J\udcfcrgen: \udcff');
    expect(requestArguments(request)).toEqual(['one', 'arg:two', '']);
    expect(requestQuery(request)).toBe('foo=bar&b=1');
  });

  it.each(['hello', 'agi_x', 'AGI_X: 1', 'x: y', 'agi_: 1\r', '__proto__: x'])('refuses %j', (line) => {
    expect(() => parseRequest(`agi_network: yes\n${line}`)).toThrow(expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_MALFORMED' }));
  });

  it('cannot be used to reach a prototype', () => {
    expect(parseRequest('agi_a: 1')['constructor']).toBeUndefined();
  });
});

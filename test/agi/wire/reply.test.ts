import { describe, expect, it } from 'vitest';
import { endposOf, keyOf, parseForeign, parseReply, valueReply } from '../../../src/agi/wire/reply';

describe('a reply', () => {
  it.each([
    ['200 result=0', { code: 200, result: '0', data: undefined, fields: {}, text: 'result=0' }],
    ['200 result=-1 endpos=800', { code: 200, result: '-1', data: undefined, fields: { endpos: '800' }, text: 'result=-1 endpos=800' }],
    ['200 result=', { code: 200, result: '', data: undefined, fields: {}, text: 'result=' }],
    ['200 ok', { code: 200, result: '', data: undefined, fields: {}, text: 'ok' }],
    ['200', { code: 200, result: '', data: undefined, fields: {}, text: '' }],
    ['510 result=5 (x) a=b', { code: 510, result: '5', data: undefined, fields: {}, text: 'result=5 (x) a=b' }],
    ['511 Command Not Permitted', { code: 511, result: '', data: undefined, fields: {}, text: 'Command Not Permitted' }],
    ['200 result=1 (timeout) endpos=8', { code: 200, result: '1', data: 'timeout', fields: { endpos: '8' }, text: 'result=1 (timeout) endpos=8' }],
    ['200 result=1 (a (b) c) d=e', { code: 200, result: '1', data: 'a (b', fields: { d: 'e' }, text: 'result=1 (a (b) c) d=e' }],
    ['200 result=1 (cut', { code: 200, result: '1', data: 'cut', fields: {}, text: 'result=1 (cut' }],
    ['200 result=1 ()', { code: 200, result: '1', data: '', fields: {}, text: 'result=1 ()' }],
  ])('%j', (line, reply) => expect(parseReply(line, false)).toEqual(reply)); // prettier-ignore

  it.each([
    ['200 result=1 (a) b=c)', 'a) b=c'],
    ['200 result=1 (a)', 'a'],
    ['200 result=1 ()', ''],
    ['200 result=1 (cut', 'cut'],
  ])('whose brackets hold a value has no pairs: %j', (line, data) => {
    expect(parseReply(line, true)).toMatchObject({ data, fields: {} });
  });

  it.each([
    ['a=1 b=2', { a: '1', b: '2' }],
    ['a=1=2', { a: '1=2' }],
    ['=x a=1', { a: '1' }],
    ['0a=1 12=2', { a: '1' }],
    ['a-b=1', { b: '1' }],
    ['a= b=2', { a: '', b: '2' }],
    ['a=b=c d=e', { a: 'b=c', d: 'e' }],
    ['x', {}],
  ])('has pairs: %j', (text, fields) => expect(parseReply(`200 result=0 ${text}`, false).fields).toEqual(fields));
});

it('a reply with foreign text is known to the byte', () => {
  expect(parseForeign('200 result=1 (a)\n(b))', false)).toEqual(valueReply('a)\n(b)'));
  expect(valueReply('x')).toEqual({ code: 200, result: '1', data: 'x', fields: {}, text: 'result=1 (value)' });
  expect(parseForeign('200 result=1 (speech) endpos=1 results=0', true)).toEqual({
    code: 200,
    result: '1',
    data: 'speech',
    fields: { endpos: '1', results: '0' },
    text: 'result=1 (speech) endpos=1 results=0',
  });
});

it.each([
  ['0', undefined],
  ['1', '\x01'],
  ['53', '5'],
  ['127', '\x7f'],
  ['128', undefined],
  ['1000', undefined],
  ['-1', undefined],
  ['', undefined],
])('the result %s as a key', (result, key) => expect(keyOf(parseReply(`200 result=${result}`, false))).toBe(key));

it('a place in samples is 0 where none is told', () => {
  expect(endposOf(parseReply('200 result=0 endpos=800', false))).toBe(800);
  expect(endposOf(parseReply('200 result=0', false))).toBe(0);
});

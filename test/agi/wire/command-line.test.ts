import { describe, expect, it } from 'vitest';
import { applicationOptions, subroutineArguments } from '../../../src/agi/wire/application-options';
import { commandLine, rawLine } from '../../../src/agi/wire/command-line';
import { lineLimit } from '../../../src/ground/line-limit';
import { printLines } from '../../../src/agi/commands/print-lines';
import { decodeText, encodeText } from '../../../src/ground/text';

describe('a command line', () => {
  it('quotes and escapes each text, and sends numbers plain', () => {
    expect(commandLine('SET VARIABLE', ['a b', 'c "d" \\ e', 5, ''], 2047)).toBe('SET VARIABLE "a b" "c \\"d\\" \\\\ e" 5 ""\n');
  });

  it.each(['\n', '\r', '\0', 'x" \nEXEC System "rm"'])('refuses %j', (text) => {
    expect(() => commandLine('NOOP', [text], 2047)).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_NEWLINE' }));
    expect(() => rawLine(`NOOP ${text}`, 2047)).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_NEWLINE' }));
  });

  it('counts bytes, escapes and the newline against the limit', () => {
    const fits = 2047 - 'NOOP ""\n'.length;
    expect(commandLine('NOOP', ['x'.repeat(fits)], 2047)).toHaveLength(2047);
    for (const text of ['x'.repeat(fits + 1), 'é'.repeat(fits / 2 + 1), '"'.repeat(fits / 2 + 1)]) {
      expect(() => commandLine('NOOP', [text], 2047)).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_LONG' }));
    }
  });

  it('refuses more arguments than Asterisk has room for, and what is neither text nor a whole number', () => {
    expect(() =>
      commandLine(
        'NOOP',
        Array.from({ length: 127 }, () => 'x'),
        8191,
      ),
    ).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_COUNT' }));
    expect(() => commandLine('NOOP', [1.5], 2047)).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_NUMBER' }));
    for (const wrong of [NaN, Infinity, undefined, null, true, {}, []])
      expect(() => commandLine('NOOP', [wrong as string], 2047)).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_TYPE' }));
  });
});

describe('a line that the script made', () => {
  it('is sent as it is, in bytes', () => {
    expect(rawLine('  Say "é" ', 2047)).toBe('  Say "\xc3\xa9" \n');
    expect(rawLine('', 2047)).toBe('\n');
    expect(rawLine('x'.repeat(2046), 2047)).toHaveLength(2047);
  });

  it.each([
    [' database get x"1 y\n', /^DATABASE GET X: the line holds a newline, which would end the command/i],
    [`${'a'.repeat(50)}\n`, /^a{40}: the line holds/],
    ['5\r', /^evaluate: the line holds a carriage return/],
    ['NOOP\0', /^NOOP: the line holds a NUL/],
    [5, /^evaluate: the line .*text/],
    ['5'.repeat(2047), /^evaluate: the line would be 2048 bytes, and this Asterisk takes 2047/],
  ])('%j is refused with what it begins with', (line, why) => {
    expect(() => rawLine(line as string, 2047)).toThrow(why);
  });
});

it.each([
  [['a', 'b\n'], /^NOOP: argument 2 holds a newline/],
  [['a\r'], /^NOOP: argument 1 holds a carriage return/],
  [[1.5], /^NOOP: argument 1 is 1\.5; it must be a whole number/],
  [['x', undefined], /^NOOP: argument 2 /],
])('the argument that cannot be sent is named: %j', (args, why) => {
  expect(() => commandLine('NOOP', args, 2047)).toThrow(why);
});

it('has 127 arguments at most, the words of the command among them', () => {
  const args = (count: number) => Array.from({ length: count }, () => 'x');
  expect(commandLine('SET VARIABLE', args(125), 8191)).toContain('"x"');
  expect(() => commandLine('SET VARIABLE', args(126), 8191)).toThrow(/^SET VARIABLE: more than 127 arguments; Asterisk takes no more/);
});

describe('the limit of a line', () => {
  it.each([
    ['22.10.1', 8191],
    ['22.6.0', 8191],
    ['22.5.2', 2047],
    ['20.16.0~dfsg', 8191],
    ['20.15.1', 2047],
    ['21.11.0', 8191],
    ['21.4.0', 2047],
    ['23.0.0', 8191],
    ['18.26.4', 2047],
    ['GIT-master-abc', 2047],
    ['certified/20.7-cert5', 2047],
    [undefined, 2047],
    ['', 2047],
    ['23', 2047],
    ['22.6', 8191],
    ['20.16.0', 8191],
    ['21.10.9', 2047],
    ['22.x', 2047],
  ])('%s: %d bytes', (version, limit) => {
    expect(lineLimit(version)).toBe(limit);
  });
});

describe('text', () => {
  it('goes to bytes and back unchanged, whatever the bytes', () => {
    const bytes = Array.from({ length: 256 }, (_, n) => String.fromCharCode(n)).join('');
    for (const text of [bytes, 'é€😀', `${encodeText('é€😀')}\xff`, '\xf0\x9f', '\xed\xa0\x80', '\xef\xbf\xbd']) {
      expect(encodeText(decodeText(text.replace(/[^\x00-\xff]/gu, '')))).toBe(text.replace(/[^\x00-\xff]/gu, ''));
    }
    expect(decodeText(encodeText('é€😀\ufffd'))).toBe('é€😀\ufffd');
    expect(() => encodeText('\ud83d')).toThrow(expect.objectContaining({ code: 'FASTAGI_ARGUMENT_TEXT' }));
  });
});

describe("an application's options", () => {
  it.each([
    [['PJSIP/100', 30, 'tT'], 'PJSIP/100,30,tT'],
    [['PJSIP/100', undefined, 'L(60000:1000)'], 'PJSIP/100,,L(60000:1000)'],
    [['a,b', 'say "x"', 'back\\slash'], 'a\\,b,say \\"x\\",back\\\\slash'],
    [['open (', 'close ]'], 'open \\(,close \\]'],
    [['U(sub,x)'], 'U(sub\\,x)'],
  ])('%j', (elements, text) => {
    expect(applicationOptions(elements)).toBe(text);
  });

  it('that cannot be sent are named', () => {
    expect(() => applicationOptions(['x', {} as string])).toThrow(/^EXEC: element 2 /);
    expect(() => subroutineArguments([{} as string])).toThrow(/^GOSUB: argument 1 /);
  });
});

describe('what the console shows', () => {
  it('is a line for a line, control characters shown', () => {
    expect(printLines('one\r\ntwo\n\nfour\n')).toEqual(['one', 'two', '', 'four']);
    expect(printLines('a\rb\0\x1b[31m')).toEqual(['a\\x0db\\x00\\x1b[31m']);
    expect(printLines('x'.repeat(1500)).join('')).toBe('x'.repeat(1500));
  });

  it('is what print_r prints', () => {
    expect(printLines({ a: '1', b: { c: [true, false, null] } })).toEqual([
      'Array', '(', '    [a] => 1', '    [b] => Array', '        (', '            [c] => Array', '                (', '                    [0] => 1',
      '                    [1] => ', '                    [2] => ', '                )', '', '        )', '', ')',
    ]); // prettier-ignore
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(printLines(circle)).toContain('    [self] => *RECURSION*');
    expect(printLines(new Map([['k', new Date(0)]]))).toContain('    [k] => 1970-01-01T00:00:00.000Z');
  });
});

describe('the arguments of a subroutine', () => {
  it('are joined where Gosub can take them', () => {
    expect(subroutineArguments(['a b', 5, '(c)', '[d]', ''])).toBe('a b,5,(c),[d],');
  });

  it.each(['a,b', 'say "x"', 'back\\slash', '(open', 'shut]'])('are refused where it would take %j apart', (text) => {
    expect(() => subroutineArguments(['fine', text])).toThrow(
      /^GOSUB: argument 2 holds a comma, a quote, a backslash or a single bracket, which Gosub cannot take; .*setVariable/,
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterTurn } from '../../src/ground/after-turn';
import { channelStates } from '../../src/ground/channel-states';
import { escapeElement } from '../../src/ground/element';
import { ConfigError, FastagiError, UsageError } from '../../src/ground/errors';
import { exitStatusOfError } from '../../src/ground/exit-status';
import { labelled, silent, type Log } from '../../src/ground/log';
import { createMark } from '../../src/ground/mark';
import { dist, packageDirectory } from '../../src/ground/package-directory';
import { ScriptExit } from '../../src/ground/script-exit';
import { project } from '../support/super-server';

it("the states of a channel stand in Asterisk's order", () => {
  expect(Object.fromEntries(channelStates.map((state, number) => [number, state]))).toEqual({
    0: 'down', 1: 'reserved', 2: 'offHook', 3: 'dialing', 4: 'ring', 5: 'ringing', 6: 'up', 7: 'busy', 8: 'dialingOffHook', 9: 'preRing',
  }); // prettier-ignore
});

it('the package lies above its built files', () => {
  // The modules are not built here: their own folder stands for dist.
  expect(dist).toBe(join(project, 'src/ground'));
  expect(packageDirectory).toBe(join(project, 'src'));
  expect(JSON.parse(readFileSync(join(packageDirectory, '../package.json'), 'utf8'))).toMatchObject({ name: 'fastagi' });
});

describe('a mark', () => {
  const marks = Array.from({ length: 200 }, createMark);

  it('is a word that is long enough to guess nothing', () => {
    for (const mark of marks) expect(mark).toMatch(/^fastagi-[0-9a-z]{20,}$/);
  });

  it('is there once, from its first sign to its last', () => {
    expect(new Set(marks).size).toBe(marks.length);
    for (const at of [8, 12, 17, 18, 22, 27]) expect(new Set(marks.map((mark) => mark[at])).size, `sign ${at}`).toBeGreaterThan(10);
    // In base 36 the letters up to z come, and no sign is lost.
    expect(marks.join('')).toMatch(/[z]/);
    // A number's own "0." is no part of it.
    expect(marks.some((mark) => mark[8] !== '0')).toBe(true);
  });

  it('is filled up where chance gives few digits', () => {
    expect(createMark(() => 0.5)).toBe('fastagi-i000000000i000000000');
  });
});

describe('after a turn', () => {
  it('an error that cost nothing lets everything else go first', async () => {
    const order: string[] = [];
    const failed = afterTurn(async () => {
      throw new UsageError('FASTAGI_ARGUMENT_TYPE', 'x');
    }).catch(() => order.push('failed'));
    setImmediate(() => order.push('turn'));
    await failed;
    expect(order).toEqual(['turn', 'failed']);
  });

  it('any other error, and a result, come at once', async () => {
    const order: string[] = [];
    const failed = afterTurn(async () => {
      throw new Error('x');
    }).catch((error: Error) => order.push(error.message));
    const turn = new Promise((resolve) => setImmediate(() => resolve(order.push('turn'))));
    expect(await afterTurn(async () => 5)).toBe(5);
    await failed;
    await turn;
    expect(order).toEqual(['x', 'turn']);
  });
});

it.each([
  ['plain', 'plain'],
  ['a,b', 'a\\,b'],
  ['"a\\b"', '\\"a\\\\b\\"'],
  ['L(60000:1000)', 'L(60000:1000)'],
  ['M(a,b[c])', 'M(a\\,b[c])'],
  ['a(', 'a\\('],
  ['a)', 'a\\)'],
  ['[', '\\['],
  [']', '\\]'],
  ['([)]', '\\(\\[\\)\\]'],
  ['([])()', '([])()'],
  ['', ''],
])('the element %s is written %s', (element, written) => {
  expect(escapeElement(element)).toBe(written);
});

it('an exit of a script says its status', () => {
  expect(new ScriptExit(7)).toMatchObject({ status: 7, name: 'ScriptExit', message: 'the script called process.exit(7)' });
});

it("the program's status tells whose mistake it was", () => {
  expect(exitStatusOfError(new ConfigError('FASTAGI_CONFIG_MALFORMED', 'x'))).toBe(100);
  expect(exitStatusOfError(new FastagiError('FASTAGI_LOG_UNWRITABLE', 'x'))).toBe(111);
  expect(exitStatusOfError(new Error('x'))).toBe(101);
});

it('a log with a label begins each line with it', () => {
  const lines: string[] = [];
  const note = (severity: string) => (text: string) => void lines.push(`${severity} ${text}`);
  const log: Log = labelled({ info: note('info'), warn: note('warn'), error: note('error') }, 'SIP/1 x.js');
  for (const each of [log, labelled(silent, 'x')]) {
    each.info('one');
    each.warn('two');
    each.error('three');
  }
  expect(lines).toEqual(['info SIP/1 x.js: one', 'warn SIP/1 x.js: two', 'error SIP/1 x.js: three']);
});

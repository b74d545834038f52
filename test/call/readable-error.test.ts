import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableError } from '../../src/call/readable-error';
import { ConfigError, HangupError, IdentityError, ScriptError, UsageError } from '../../src/ground/errors';
import { dist } from '../../src/ground/package-directory';

/** An error that came through these places. */
function at<E extends Error>(error: E, ...places: string[]): E {
  error.stack = `${error.name}: ${error.message}\n${places.map((place) => `    at f (${place})`).join('\n')}`;
  return error;
}
const own = `${dist}/x.js:1:2`;

describe('an error for whoever has to mend it', () => {
  it('has its message and the places of the user', () => {
    expect(readableError(at(new TypeError('boom'), '/s/a.js:3:4', own, '/s/b.js:5:6'))).toBe(
      'TypeError: boom\n    at f (/s/a.js:3:4)\n    at f (/s/b.js:5:6)',
    );
    expect(readableError(at(new UsageError('X', 'wrong'), own, '/s/a.js:3:4'))).toBe('UsageError: wrong\n    at f (/s/a.js:3:4)');
  });

  it('has our own places if there are no others, but for an error of our own making', () => {
    expect(readableError(at(new TypeError('ours'), own))).toBe(`TypeError: ours\n    at f (${own})`);
    expect(readableError(at(new UsageError('X', 'wrong'), own))).toBe('UsageError: wrong');
  });

  it.each([
    new ScriptError('X', 'not there', { status: 'NOTFOUND' }),
    new ConfigError('X', 'not there'),
    new IdentityError('X', 'not there'),
  ])('has no places if an operator has to mend it: %s', (error) => {
    expect(readableError(at(error, '/s/a.js:3:4'))).toBe(`${error.name}: not there`);
    expect(readableError(at(new HangupError('gone'), '/s/a.js:3:4'))).toContain('/s/a.js:3:4');
  });

  it('has its causes, each sentence once', () => {
    const last = at(new Error('no route to host'), '/s/c.js:9:9');
    const middle = at(new Error('cannot connect\nwith more', { cause: last }), '/s/b.js:5:6');
    const first = at(new Error('no answer: cannot connect', { cause: middle }), '/s/a.js:3:4');
    expect(readableError(first).split('\n')).toEqual([
      'Error: no answer: cannot connect',
      '    at f (/s/a.js:3:4)',
      '    at f (/s/b.js:5:6)',
      'caused by Error: no route to host',
      '    at f (/s/c.js:9:9)',
    ]);
  });

  it('ends with the seventh cause, and with what is no error', () => {
    const deep = (depth: number): Error => at(new Error(`<${depth}>`, depth < 20 ? { cause: deep(depth + 1) } : {}), '/s/a.js:1:1');
    const text = readableError(deep(0));
    expect(text).toContain('<7>');
    expect(text).not.toContain('<8>');
    expect(readableError(at(new Error('x', { cause: 'text' }), '/s/a.js:1:1'))).toBe('Error: x\n    at f (/s/a.js:1:1)');
  });

  it('shows no secret, whatever was thrown', () => {
    const secret = 'password=hunter2';
    for (const thrown of [secret, new Error(secret), new Error('x', { cause: new Error(secret) })]) {
      expect(readableError(thrown)).toContain('****');
      expect(readableError(thrown)).not.toContain('hunter2');
    }
  });
});

describe('with a source map', () => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'fastagi-readable-'))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('names the place that a person wrote, if it may be read', () => {
    const file = join(dir, 'built.js');
    const map = { version: 3, sources: ['written.ts'], names: [], mappings: 'AAIE' };
    writeFileSync(file, `x();\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`);
    const error = at(new Error('boom'), `${file}:1:1`);
    expect(readableError(error, dir)).toBe(`Error: boom\n    at f (${join(dir, 'written.ts')}:5:3)`);
    expect(readableError(error)).toBe(`Error: boom\n    at f (${file}:1:1)`);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { original, placeOf, type ReadFiles } from '../../src/script/source-place';

let base: string;
let outside: string;
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'fastagi-source-')));
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'fastagi-source-')));
  mkdirSync(join(base, 'node_modules/lib'), { recursive: true });
  writeFileSync(join(outside, 'secret'), 'hunter2\n');
});
afterAll(() => [base, outside].forEach((dir) => rmSync(dir, { recursive: true, force: true })));

function file(name: string, text: string): string {
  writeFileSync(join(base, name), text);
  return join(base, name);
}

/** As Node would have made it. */
function thrownAt(...frames: string[]): Error {
  const error = new Error('x');
  error.stack = ['Error: x', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

const tenLines = Array.from({ length: 10 }, (_, n) => `line ${n + 1}`).join('\n');

describe('the place of an error', () => {
  it('is its line, with three lines before and behind it', () => {
    const path = file('a.js', tenLines);
    expect(placeOf(thrownAt(`run (${path}:5:3)`), base)).toEqual({
      file: path,
      line: 5,
      around: '     2 | line 2\n     3 | line 3\n     4 | line 4\n>    5 | line 5\n     6 | line 6\n     7 | line 7\n     8 | line 8',
    });
    expect(placeOf(thrownAt(`${path}:1:1`), base)?.around).toBe('>    1 | line 1\n     2 | line 2\n     3 | line 3\n     4 | line 4');
    expect(
      placeOf(thrownAt(`${path}:10:1`), base)
        ?.around.split('\n')
        .at(-1),
    ).toBe('>   10 | line 10');
  });

  it("is the user's own rather than a library's, and a library's if there is no other", () => {
    const [own, library] = [file('b.js', tenLines), file('node_modules/lib/index.js', tenLines)];
    expect(placeOf(thrownAt(`f (${library}:1:1)`, `g (${own}:2:1)`), base)).toMatchObject({ file: own, line: 2 });
    expect(placeOf(thrownAt(`f (${library}:1:1)`), base)).toMatchObject({ file: library, line: 1 });
  });

  it('may be in a cause, but not in one for ever', () => {
    const path = file('c.js', tenLines);
    const outer = thrownAt('node:internal/x:1:1');
    outer.cause = Object.assign(thrownAt('native'), { cause: thrownAt(`${path}:3:1`) });
    expect(placeOf(outer, base)).toMatchObject({ file: path, line: 3 });
    const ring = thrownAt('native');
    ring.cause = ring;
    expect(placeOf(ring, base)).toBeUndefined();
    const nested = (depth: number): Error =>
      depth === 0 ? thrownAt(`${path}:3:1`) : Object.assign(thrownAt('native'), { cause: nested(depth - 1) });
    expect(placeOf(nested(7), base)).toMatchObject({ line: 3 });
    expect(placeOf(nested(8), base)).toBeUndefined();
  });

  it.each([['text'], [undefined], [{ stack: '    at /a:1:1' }]])('is not known of what is no error: %j', (thrown) => {
    expect(placeOf(thrown, base)).toBeUndefined();
  });
});

describe('the lines of a file', () => {
  const linesOf = (path: string) => placeOf(thrownAt(`${path}:1:1`), base)?.around;
  const none = '';

  it('outside basedir are not shown, whatever leads there', () => {
    symlinkSync(join(outside, 'secret'), join(base, 'link.js'));
    for (const path of [
      join(outside, 'secret'),
      join(base, 'link.js'),
      `${base}/../${outside.split('/').at(-1)}/secret`,
      `${base}-no/x.js`,
    ])
      expect(linesOf(path), path).toBe(none);
  });

  it('are not looked for in a pipe, a directory or nowhere', () => {
    execFileSync('mkfifo', [join(base, 'pipe.js')]);
    for (const name of ['pipe.js', 'node_modules', 'gone.js']) expect(linesOf(join(base, name)), name).toBe(none);
  });

  it('are read up to 1 MB', () => {
    const path = file('large.js', 'x');
    truncateSync(path, 1_048_576);
    expect(linesOf(path)).toMatch(/^> {4}1 \| x\0/);
    truncateSync(path, 1_048_577);
    expect(linesOf(path)).toBe(none);
  });
});

describe('the source that a file was made from', () => {
  /** Line 1 column 1 of the file is line 3 column 5 of the source. */
  const map = { version: 3, sources: ['src.ts'], names: [], mappings: 'AAEI' };
  const inline = (content: object, coding = ';base64') =>
    `data:application/json${coding},${coding === ';base64' ? Buffer.from(JSON.stringify(content)).toString('base64') : JSON.stringify(content)}`;
  const made = (url: string, sign = '#') => file('made.js', `thrower();\n//${sign} sourceMappingURL=${url}\n`);
  const of = (path: string) => placeOf(thrownAt(`${path}:1:1`), base);

  beforeAll(() => {
    file('src.ts', tenLines);
    file('made.js.map', JSON.stringify(map));
  });

  it.each([
    ['a file beside it', 'made.js.map', '#'],
    ['an old sign', 'made.js.map', '@'],
    ['a map in the file', inline(map), '#'],
    ['a map in the file, as it is', inline(map, ''), '#'],
  ])('is told by %s', (_what, url, sign) => {
    const place = of(made(url, sign));
    expect(place).toMatchObject({ file: join(base, 'src.ts'), line: 3 });
    expect(place?.around).toContain('>    3 | line 3\n');
  });

  it('may be named by its URL', () => {
    expect(of(made(inline({ ...map, sources: [`file://${base}/src.ts`] })))).toMatchObject({ file: join(base, 'src.ts'), line: 3 });
  });

  it('is shown as the map holds it, if it does', () => {
    expect(of(made(inline({ ...map, sourcesContent: ['a\nb\nc\nd'] })))?.around).toContain('>    3 | c\n');
    expect(of(made(inline({ ...map, sourcesContent: [null] })))?.around).toContain('>    3 | line 3\n');
    expect(of(made(inline({ ...map, sources: ['gone.ts'] })))).toMatchObject({ file: join(base, 'gone.ts'), line: 3, around: '' });
  });

  it.each([
    ['no map', 'gone.map'],
    ['a map that is none', 'data:application/json,{'],
    ['a map of another place', inline({ ...map, mappings: '' })],
    ['a map outside', '../x.map'],
  ])('is the file itself with %s', (_what, url) => {
    const path = made(url);
    expect(of(path)).toMatchObject({ file: path, line: 1 });
    expect(of(path)?.around).toContain('>    1 | thrower();\n');
  });

  it('is read once for several places, with its column', () => {
    const files: ReadFiles = new Map();
    const path = made('made.js.map');
    expect(original({ file: path, line: 1, column: 1 }, base, files)).toEqual({ file: join(base, 'src.ts'), line: 3, column: 5 });
    rmSync(path);
    expect(original({ file: path, line: 1, column: 1 }, base, files)).toMatchObject({ line: 3, column: 5 });
    expect(original({ file: path, line: 1, column: 1 }, base)).toMatchObject({ file: path, line: 1, column: 1 });
  });
});

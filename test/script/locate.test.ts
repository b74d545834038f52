import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptError } from '../../src/ground/errors';
import { locateScript } from '../../src/script/locate';

let dir: string;
let base: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'fastagi-locate-')));
  base = join(dir, 'base');
  mkdirSync(base, { mode: 0o755 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, mode = 0o644): string {
  const path = join(base, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

function refusal(name: string, basedir = base): ScriptError {
  try {
    locateScript(name, basedir);
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
  throw new Error(`${name} was found`);
}

describe('locating a script', () => {
  it('finds it below basedir, with and without a slash at its end', () => {
    const path = file('sub/x.js');
    expect(locateScript('sub/x.js', base)).toMatchObject({ path, name: 'sub/x.js', uid: process.getuid?.() });
    expect(locateScript('sub/x.js', `${base}/`).path).toBe(path);
  });

  it('adds the extension that is left out, in the documented order', () => {
    for (const extension of ['.cts', '.mts', '.ts', '.cjs', '.mjs', '.js']) {
      const path = file(`x${extension}`);
      expect(locateScript('x', base).path).toBe(path);
    }
    expect(locateScript('x.mjs', base).path).toBe(join(base, 'x.mjs'));
  });

  it('names what has the same name but for its extension or its capitals', () => {
    file('sub/plain.php');
    file('sub/Upper.JS');
    file('sub/.plain.swp');
    expect(refusal('sub/plain').message).toBe(
      `there is no script sub/plain below ${base}; there is plain.php: name it as it is, AGI(agi://HOST/sub/plain.php)`,
    );
    expect(refusal('sub/plain.js').message).toContain('; there is plain.php: ');
    expect(refusal('sub/upper.js').message).toContain('; there is Upper.JS: ');
    for (const name of ['plain', 'sub/other', 'no/such/plain'])
      expect(refusal(name).message).toBe(`there is no script ${name} below ${base}`);
    symlinkSync(dir, join(base, 'out'));
    writeFileSync(join(dir, 'secret.php'), '');
    expect(refusal('out/secret').message).toBe(`there is no script out/secret below ${base}`);
  });

  it('adds it to a name with another dot, too', () => {
    file('v1.2.js');
    expect(locateScript('v1.2', base).name).toBe('v1.2.js');
  });

  it('follows links inside basedir, also when basedir is one', () => {
    const path = file('sub/x.js');
    symlinkSync('sub/x.js', join(base, 'link.js'));
    symlinkSync('sub', join(base, 'dir'));
    symlinkSync(base, join(dir, 'other'));
    expect(locateScript('link', join(dir, 'other')).path).toBe(path);
    expect(locateScript('dir/x.js', base)).toMatchObject({ path, name: 'sub/x.js' });
  });

  it.each(['gone.js', 'gone', 'x.js/y.js', `${'n'.repeat(300)}.js`, 'dangling.js'])('does not find %s', (name) => {
    file('x.js');
    symlinkSync('nowhere.js', join(base, 'dangling.js'));
    expect(refusal(name)).toMatchObject({ code: 'FASTAGI_SCRIPT_NOTFOUND', status: 'NOTFOUND' });
  });

  it('refuses what leads out of basedir, also into a directory whose name only begins alike', () => {
    mkdirSync(`${base}-2`);
    writeFileSync(`${base}-2/x.js`, '');
    symlinkSync(`${base}-2/x.js`, join(base, 'out.js'));
    symlinkSync(`${base}-2`, join(base, 'dir'));
    for (const name of ['out.js', 'dir/x.js', '../base-2/x.js']) {
      expect(refusal(name)).toMatchObject({ code: 'FASTAGI_SCRIPT_FORBIDDEN', status: 'FORBIDDEN' });
    }
  });

  it.each(['x.test.js', 'sub/x.test.ts', 'x.test'])('refuses a test that lies beside its script: %s', (name) => {
    file('x.test.js');
    file('sub/x.test.ts');
    expect(refusal(name)).toMatchObject({ status: 'FORBIDDEN', message: expect.stringMatching(/ is refused: it is a test$/) as string });
    file('test.js');
    expect(locateScript('test.js', base).name).toBe('test.js');
  });

  it('refuses what is no script, without opening it', () => {
    file('x.txt');
    file('plain');
    mkdirSync(join(base, 'dir.js'));
    symlinkSync('loop.js', join(base, 'loop.js'));
    symlinkSync('x.txt', join(base, 'text.js'));
    symlinkSync('/dev/null', join(base, 'device.js'));
    execFileSync('mkfifo', [join(base, 'fifo.js')]);
    for (const [name, why] of [
      ['x.txt', 'extension'], ['plain', 'extension'], ['dir.js', 'directory'], ['loop.js', 'reached'], ['text.js', 'extension'],
      ['device.js', 'out of basedir'], ['fifo.js', 'regular'],
    ] as const) {
      const error = refusal(name);
      expect(error.status).toBe('FORBIDDEN');
      expect(error.message).toContain(why);
    } // prettier-ignore
  });

  it('names a basedir that is not there, and the remedy', () => {
    const error = refusal('x.js', join(dir, 'gone'));
    expect(error).toMatchObject({ code: 'FASTAGI_BASEDIR', status: 'NOTFOUND' });
    expect(error.message).toContain('correct [fastagi] basedir');
  });
});

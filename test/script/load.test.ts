import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot } from '../support/parts';
import { project } from '../support/super-server';
import { bundleTo } from '../support/bundle';

let dir: string;
let loader: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-load-'));
  chmodSync(dir, 0o755);
  loader = join(dir, 'dist/load.cjs');
  await bundleTo(loader, join(project, 'src/script/load.ts'));
  chmodSync(loader, 0o644);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Loaded {
  /** What the script returned. */
  value?: unknown;
  /** Whether loading it took the slow way. */
  waited?: boolean;
  error?: { code: string; status: string; message: string };
  stderr: string;
}

/** Loads and runs a script in a Node of its own, since vitest's has other loaders. */
function load(name: string, text: string, uid?: number): Loaded {
  const path = join(dir, name);
  writeFileSync(path, text);
  const program = `
    const { loadScript } = require(${JSON.stringify(loader)});
    const tell = (answer) => process.stdout.write(JSON.stringify(answer));
    const fail = ({ code, status, message }) => tell({ error: { code, status, message } });
    try {
      const script = loadScript(${JSON.stringify(path)});
      const waited = typeof script !== 'function';
      Promise.resolve(script).then((run) => tell({ value: run(41), waited })).catch(fail);
    } catch (error) { fail(error); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    encoding: 'utf8',
    cwd: '/',
    ...(uid !== undefined && { uid, gid: uid }),
  });
  return { ...(JSON.parse(stdout) as Omit<Loaded, 'stderr'>), stderr };
}

const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);

describe('loading a script', () => {
  it.each([
    ['an ES module', 'a.mjs', 'export default (n) => n + 1'],
    ['an ES module that only its syntax gives away', 'b.js', 'import "node:fs"; export default (n) => n + 1'],
    ['a CommonJS module', 'c.cjs', 'module.exports = (n) => n + 1'],
    ['a CommonJS module that only its syntax gives away', 'd.js', 'module.exports = (n) => n + 1'],
    ['a transpiled module', 'e.js', 'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = (n) => n + 1'],
    ['a name that is no URL', 'f %41#?.mjs', 'export default (n) => n + 1'],
  ])('takes %s, at once and without a warning', (_what, name, text) => {
    expect(load(name, text)).toEqual({ value: 42, waited: false, stderr: '' });
  });

  it('waits for top-level await, and evaluates the module once', () => {
    const text = 'globalThis.times = (globalThis.times ?? 0) + 1; await 1; export default () => globalThis.times';
    expect(load('g %41#?.mjs', text)).toMatchObject({ value: 1, waited: true });
  });

  it('leaves the script its own warnings', () => {
    const { value, stderr } = load('h.js', 'process.emitWarning("take care"); module.exports = () => 1');
    expect(value).toBe(1);
    expect(stderr).toContain('take care');
  });

  it.each([
    ['nothing', 'i.js', 'exports.handler = () => 1'],
    ['something else', 'j.mjs', 'export default { run() {} }'],
    ['something else after await', 'k.mjs', 'await 1; export default 5'],
  ])('says so where it exports %s by default', (_what, name, text) => {
    const { error } = load(name, text);
    expect(error).toMatchObject({ code: 'FASTAGI_SCRIPT_EXPORT', status: 'FAILURE' });
    expect(error?.message).toContain('write: export default async function');
  });

  it.each([
    ['a syntax error', 'l.js', '\nmodule.exports = ( => 1', /l\.js cannot be loaded: SyntaxError: .*\(line 2\)$/],
    ['a syntax error in an ES module', 'm.mjs', '\nexport default ( => 1', /m\.mjs cannot be loaded: SyntaxError: .*\(line 2\)$/],
    [
      'a syntax error that only its syntax makes one',
      'n %41#?.js',
      'import "node:fs";\n\nexport default async () => {\n',
      /: SyntaxError: .* \(line [45]\)$/,
    ],
    [
      'a syntax error in what it imports',
      'imports.mjs',
      'import "./m.mjs"; export default 1',
      /: SyntaxError: .* \(\/.*\/m\.mjs, line 2\)$/,
    ],
    ['a syntax error in what it requires', 'requires.cjs', 'require("./l.js")', /: SyntaxError: .* \(\/.*\/l\.js, line 2\)$/],
    [
      'an import of what is not exported',
      'names.mjs',
      '\n\nimport { no } from "node:fs"; export default no',
      /: SyntaxError: .*'no' \(line 3\)$/,
    ],
    ['text that is no JSON', 'json.js', '\nJSON.parse("{")', /: SyntaxError: .* \(line 2\)$/],
    ['a throw', 'n.js', '\n\nthrow new Error("no\\nluck")', /n\.js cannot be loaded: Error: no \/ luck \(line 3\)$/],
    ['a throw in what it requires', 'deep.cjs', 'require("./n.js")', /: Error: no \/ luck \(\/.*\/n\.js, line 3\)$/],
    ['a throw after await', 'o.mjs', 'await 1; throw new TypeError("late")', /o\.mjs cannot be loaded: TypeError: late/],
    ['a throw of no error', 'p.js', 'throw "text"', /p\.js cannot be loaded: text$/],
    ['a throw of nothing', 'q.js', 'throw undefined', /q\.js cannot be loaded: undefined$/],
    [
      'a missing package',
      'r.mjs',
      'import "no-such-package"; export default () => 1',
      /r\.mjs cannot be loaded: .*; install it: cd \/\S+ && npm install no-such-package$/,
    ],
    [
      'a missing package of CommonJS',
      's.cjs',
      '\nrequire("@no/such/file")',
      /: Cannot find module '@no\/such\/file' \(line 2\); install it: cd \/\S+ && npm install @no\/such$/,
    ],
    [
      'that fastagi cannot be imported',
      't.mjs',
      'import { HangupError } from "fastagi"; export default HangupError',
      /; install it: cd \/\S+ && npm install \/\S+$/,
    ],
    [
      'a missing file',
      'u.mjs',
      'import "./missing.mjs"',
      /u\.mjs cannot be loaded: Error: Cannot find module '\/\S+\/missing\.mjs' imported from \/\S+$/,
    ],
  ])('tells %s in one line', (_what, name, text, message) => {
    const { error } = load(name, text);
    expect(error).toMatchObject({ code: 'FASTAGI_SCRIPT_LOAD', status: 'FAILURE' });
    expect(error?.message).toMatch(message);
  });

  if (stripsTypes)
    it('takes TypeScript where this Node does', () => {
      expect(load('s.mts', 'export default (n: number): number => n + 1')).toMatchObject({ value: 42 });
    });

  if (!stripsTypes)
    it('says which Node takes TypeScript', () => {
      const { error } = load('t.ts', 'export default (n: number) => n');
      expect(error).toMatchObject({ code: 'FASTAGI_SCRIPT_TYPESCRIPT', status: 'FAILURE' });
      expect(error?.message).toContain('22.18');
    });

  it('says how a program of its own can run as it is', () => {
    const path = join(dir, 'own.js');
    writeFileSync(path, '', { mode: 0o755 });
    const { error } = load('own.js', '#!/usr/bin/env node\nprocess.stdin;\n');
    expect(error?.message).toContain(`name it without its extension: mv ${path} ${join(dir, 'own')}`);
    expect(load('other.js', '#!/usr/bin/env node\n').error?.message).not.toContain('mv ');
  });

  it.runIf(isRoot)('names the directory (as root only: skipped otherwise) that its user may not enter', () => {
    mkdirSync(join(dir, 'closed/sub'), { recursive: true });
    chmodSync(join(dir, 'closed'), 0o700);
    expect(load('closed/sub/v.js', 'module.exports = () => 1', 1).error).toMatchObject({
      status: 'FORBIDDEN',
      message: `${dir}/closed/sub/v.js is refused: user daemon may not enter ${dir}/closed; chmod o+x ${dir}/closed`,
    });
  });

  it.runIf(isRoot)('refuses (as root only: skipped otherwise) what its user may not read', () => {
    writeFileSync(join(dir, 'u.js'), '');
    chmodSync(join(dir, 'u.js'), 0o600);
    expect(load('u.js', 'module.exports = () => 1', 1).error).toMatchObject({
      code: 'FASTAGI_SCRIPT_FORBIDDEN',
      status: 'FORBIDDEN',
      message: expect.stringContaining('user daemon may not read it; chmod o+r ') as string,
    });
  });
});

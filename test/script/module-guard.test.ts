import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleTo } from '../support/bundle';
import { nodeOf } from '../support/cache';
import { describeWith, isRoot } from '../support/parts';
import { project } from '../support/super-server';

const [guarding, tooOld] = [nodeOf(24), nodeOf(18)];
let dir: string;
let guard: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-guard-'));
  chmodSync(dir, 0o755);
  guard = join(dir, 'guard.cjs');
  await bundleTo(guard, join(project, 'src/script/module-guard.ts'));
  mkdirSync(join(dir, 'theirs'));
  for (const [name, text] of [
    ['a.mjs', 'export default "of root"'],
    ['b.cjs', 'module.exports = "of root"'],
    ['theirs/a.mjs', 'export default "of another"'],
    ['theirs/b.cjs', 'module.exports = "of another"'],
    ['indirect.mjs', 'export { default } from "./theirs/a.mjs"'],
  ] as const)
    writeFileSync(join(dir, name), text);
  symlinkSync(join(dir, 'theirs/a.mjs'), join(dir, 'link.mjs'));
  for (const name of ['theirs/a.mjs', 'theirs/b.cjs', 'theirs']) if (isRoot) chownSync(join(dir, name), 61_001, 61_001);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function run(node: string, text: string): string {
  const program = `const { canGuardModules, guardModules } = require(${JSON.stringify(guard)});
    const say = (it) => process.stdout.write(String(it) + '\\n');
    const fail = (error) => say([error.code, error.status, error.message].join(' '));
    ${text}`;
  return spawnSync(node, ['-e', program], { encoding: 'utf8', cwd: dir }).stdout;
}

describeWith({ root: isRoot, 'Node 24': existsSync(guarding), 'Node 18': existsSync(tooOld) }, 'the guard of modules', () => {
  it('is there if Node shows each module before it is loaded', () => {
    expect(run(guarding, 'say(canGuardModules())')).toBe('true\n');
    expect(run(tooOld, 'process.getBuiltinModule = require; say(canGuardModules()); guardModules(); say("no harm")')).toBe(
      'false\nno harm\n',
    );
  });

  it.each([
    ['import', 'import("./a.mjs").then((found) => say(found.default))'],
    ['require', 'say(require("./b.cjs"))'],
    ['a builtin', 'import("node:fs").then(() => say("of root"))'],
    ['no file', 'import("data:text/javascript,export default 1").then(() => say("of root"))'],
  ])("lets root's own through: %s", (_what, text) => {
    expect(run(guarding, `guardModules(); ${text}`)).toBe('of root\n');
  });

  it.each([
    ['import', 'import("./theirs/a.mjs").catch(fail)', 'theirs/a.mjs'],
    ['require', 'try { require("./theirs/b.cjs"); } catch (error) { fail(error); }', 'theirs/b.cjs'],
    ["root's module that imports it", 'import("./indirect.mjs").catch(fail)', 'theirs/a.mjs'],
    ['a link', 'import("./link.mjs").catch(fail)', 'theirs/a.mjs'],
  ])('refuses what others could have written, and says what mends it: %s', (_what, text, name) => {
    const said = run(guarding, `guardModules(); ${text}`);
    expect(said).toContain(`FASTAGI_SCRIPT_UNTRUSTED FORBIDDEN root's script may not load ${dir}/${name}: `);
    expect(said).toMatch(/ belongs to user 61001; chown \S+ \S+\n$/);
  });
});

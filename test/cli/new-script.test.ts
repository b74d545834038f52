import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cache } from '../support/cache';
import { isBun, program, project, runtime } from '../support/super-server';

/** A directory for scripts, as `fastagi install` makes it. */
function scripts(type: object = { type: 'module' }): string {
  const basedir = mkdtempSync(join(tmpdir(), 'fastagi-new-'));
  onTestFinished(() => rmSync(basedir, { recursive: true }));
  mkdirSync(join(basedir, 'node_modules/@types'), { recursive: true });
  symlinkSync(project, join(basedir, 'node_modules/fastagi'));
  symlinkSync(join(project, 'node_modules/@types/node'), join(basedir, 'node_modules/@types/node'));
  writeFileSync(join(basedir, 'package.json'), JSON.stringify(type));
  return basedir;
}

function fastagi(node: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [program, ...args], { encoding: 'utf8', input: '' });
  return { status, stdout, stderr };
}

const node24 = join(cache, 'node-24/bin/node');

function test(node: string, file: string, cwd: string): string {
  // Not as a test of this one.
  return execFileSync(node, ['--test', file], { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
}

describe('fastagi new', () => {
  it('writes a script whose test passes, and the lines of the dialplan', () => {
    const basedir = scripts();
    const { status, stdout, stderr } = fastagi(runtime, 'new', 'hello', '--basedir', basedir);
    expect(stderr).toBe('');
    expect(stdout).toBe(`new file ${basedir}/hello.js
new file ${basedir}/hello.test.js

In the dialplan:
    exten => 100,1,AGI(agi://127.0.0.1/hello)
     same => n,Hangup()

Its test: cd ${basedir} && node --test hello.test.js
`);
    expect(status).toBe(0);
    expect(test(process.execPath, 'hello.test.js', basedir)).toMatch(/# pass 2\n# fail 0\n/);
    const { stdout: checked } = fastagi(runtime, 'check', '--no-setuid', '--basedir', basedir);
    expect(checked).toMatch(/^Scripts below .*: 1$/m);
    expect(checked).toMatch(/^ {2}hello\.js .* loads$/m);
  });

  it('writes a script that the test of docs/testing.md passes for', () => {
    const basedir = scripts();
    fastagi(runtime, 'new', 'hello', '--basedir', basedir);
    const [block = ''] =
      /^ {4}\/\/ hello\.test\.js\n(?:(?: {4}.*)?\n)+/m.exec(readFileSync(join(project, 'docs/testing.md'), 'utf8')) ?? [];
    writeFileSync(join(basedir, 'hello.test.js'), block.replaceAll(/^ {4}/gm, ''));
    mkdirSync(join(basedir, 'bin'));
    symlinkSync(program, join(basedir, 'bin/fastagi'));
    const env = { PATH: `${basedir}/bin:${process.env['PATH']}` };
    const { stdout } = spawnSync(process.execPath, ['--test', 'hello.test.js'], { cwd: basedir, encoding: 'utf8', env });
    expect(stdout).toMatch(/# pass 1\n# fail 0\n/);
  });

  it('writes it into a directory, and beside scripts that are CommonJS', () => {
    const basedir = scripts({});
    expect(fastagi(runtime, 'new', 'menus/sales', '--basedir', basedir).status).toBe(0);
    expect(readFileSync(join(basedir, 'menus/sales.mjs'), 'utf8')).toContain('AGI(agi://127.0.0.1/menus/sales)');
    expect(test(process.execPath, 'menus/sales.test.mjs', basedir)).toMatch(/# pass 2\n/);
    // Whose the files are a call decides by.
    expect(statSync(join(basedir, 'menus/sales.mjs')).mode & 0o777).toBe(0o644);
  });

  it('writes TypeScript with which an editor completes every command', () => {
    const basedir = scripts();
    const { status, stdout } = fastagi(isBun ? runtime : node24, 'new', 'hello', '--ts', '--basedir', basedir);
    expect(status).toBe(0);
    expect(stdout).toContain(`new file ${basedir}/tsconfig.json\n`);
    expect(test(node24, 'hello.test.ts', basedir)).toMatch(/# pass 2\n|ℹ pass 2\n/);
    const tsc = join(project, 'node_modules/.bin/tsc');
    expect(spawnSync(tsc, ['-p', basedir], { encoding: 'utf8' }).stdout).toBe('');
    writeFileSync(
      join(basedir, 'hello.ts'),
      readFileSync(join(basedir, 'hello.ts'), 'utf8').replace('fastagi.answer()', 'fastagi.anser()'),
    );
    expect(spawnSync(tsc, ['-p', basedir], { encoding: 'utf8' }).stdout).toContain("Did you mean 'answer'?");
    // It stays as somebody has made it.
    writeFileSync(join(basedir, 'tsconfig.json'), '{}');
    fastagi(isBun ? runtime : node24, 'new', 'other', '--ts', '--basedir', basedir);
    expect(readFileSync(join(basedir, 'tsconfig.json'), 'utf8')).toBe('{}');
  });

  it.each([
    [['hello'], 'hello.js is there already; choose another name'],
    [['../out'], '../out is no name for a script'],
    [['a b'], 'a b is no name for a script'],
    [['x', '--basedir', '/nowhere'], 'there is no directory /nowhere for scripts: fastagi install, or name another with --basedir'],
    ...(process.features.typescript || isBun ? [] : [[['x', '--ts'], 'does not run TypeScript: Node 22.18, 24 and later do'] as const]),
  ] as const)('%j is refused', (args, why) => {
    const basedir = scripts();
    writeFileSync(join(basedir, 'hello.js'), '// mine');
    const { status, stderr } = fastagi(runtime, 'new', '--basedir', basedir, ...args);
    expect(stderr).toContain(why);
    expect(status).toBe(100);
    expect(readFileSync(join(basedir, 'hello.js'), 'utf8')).toBe('// mine');
    expect(existsSync(join(basedir, 'hello.test.js'))).toBe(false);
  });
});

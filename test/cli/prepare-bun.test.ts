import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bun } from '../support/cache';
import { copyPackage, ownCall } from '../support/own-package';
import { describeWith } from '../support/parts';

/** In ms: each build writes 110 MB, and the machine may be busy. */
const patience = 90_000;

describeWith({ Bun: existsSync(bun) }, 'fastagi prepare --bun', () => {
  let dir: string;
  let basedir: string;
  let installed: string;
  /** A package of its own, so that no other test meets what is done to it. */
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'fastagi-bun-test-'));
    basedir = join(dir, 'agi-bin');
    mkdirSync(basedir);
    installed = join(dir, 'lib/node_modules/fastagi');
    copyPackage(installed);
    mkdirSync(join(basedir, 'node_modules'));
    symlinkSync(installed, join(basedir, 'node_modules/fastagi'));
    writeFileSync(join(basedir, 'hi.mjs'), script);
    writeFileSync(
      join(basedir, 'plain.cjs'),
      `module.exports = async (agi) => {
  await agi.menu({ 1: 'beep' }, 1, { attempts: 1 });
  await agi.setVariable('SAME', process.env.FASTAGI_PLANTED ?? 'served');
};
`,
    );
    writeFileSync(
      join(dir, 'conf'),
      `[phpagi]\ntempdir = ${dir}\n[fastagi]\nsetuid = false\nenvironment = FASTAGI_PLANTED\nbasedir = ${basedir}\nlog = ${dir}/log\n`,
    );
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** Whether a script meets the classes of the program that runs it. */
  const script = `import { CommandError } from 'fastagi';
export default async (agi) => {
  const error = await agi.streamFile('none').catch((thrown) => thrown);
  await agi.setVariable('SAME', error instanceof CommandError ? 'yes' : 'no');
};
`;

  const made = (): string => join(dir, 'lib/fastagi-bun');
  const prepare = (path = bun) =>
    spawnSync(process.execPath, [join(installed, 'bin/fastagi'), 'prepare', '--bun', path], { encoding: 'utf8' });
  const left = (): string[] => readdirSync(join(dir, 'lib')).filter((name) => name.startsWith('fastagi-bun'));
  const check = () => spawnSync(made(), ['check', '--config', join(dir, 'conf')], { encoding: 'utf8' }).stdout;

  const variableAfterCall = async (script = 'hi.mjs'): Promise<string | undefined> => {
    const env = { BUN_JSC_useJIT: '0' };
    return (await ownCall([made(), '--config', join(dir, 'conf')], { script, cwd: dir, env })).variables.get('SAME');
  };

  it(
    'makes a program that serves calls, and says by which Bun',
    async () => {
      const version = spawnSync(bun, ['--version'], { encoding: 'utf8' }).stdout.trim();
      const { status, stdout, stderr } = prepare();
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe(`The program that serves calls by Bun is made: ${made()}, by Bun ${version}\n`);
      expect(left().toSorted()).toEqual(['fastagi-bun', 'fastagi-bun.json']);
      expect(statSync(made()).mode & 0o777).toBe(0o755);
      expect(check()).toContain(`\nRuntime: Bun ${version} (${made()})\n`);
      expect(check()).not.toContain('not prepared');
      expect(await variableAfterCall()).toBe('yes');
    },
    patience,
  );

  it('is no part of what stands in the working directory', async () => {
    writeFileSync(join(dir, '.env'), 'FASTAGI_PLANTED=1\n');
    writeFileSync(join(dir, 'bunfig.toml'), 'preload = ["./planted.js"]\n');
    writeFileSync(join(dir, 'planted.js'), `require('node:fs').writeFileSync(${JSON.stringify(join(dir, 'planted'))}, '');\n`);
    const { status } = spawnSync(made(), ['check', '--config', join(dir, 'conf')], { cwd: dir });
    expect([status, existsSync(join(dir, 'planted'))]).toEqual([0, false]);
    expect(await variableAfterCall('plain.cjs')).toBe('served');
  });

  it.each([
    ['/bin/false', 'built no program'],
    ['/nowhere/bun', 'ENOENT'],
  ])('keeps what is there if %s builds none', (path, why) => {
    const before = statSync(made()).mtimeMs;
    const { status, stderr } = prepare(path);
    expect(status).toBe(100);
    expect(stderr).toContain(why);
    expect(stderr).toContain('; name a Bun of 1.4 or later: fastagi prepare --bun /path/to/bun');
    expect(statSync(made()).mtimeMs).toBe(before);
    expect(left().toSorted()).toEqual(['fastagi-bun', 'fastagi-bun.json']);
  });

  it('serves calls by what is packed in it while the package is away', async () => {
    renameSync(installed, `${installed}.away`);
    try {
      expect(await variableAfterCall('plain.cjs')).toBe('served');
    } finally {
      renameSync(`${installed}.away`, installed);
    }
  });

  it(
    'serves calls by the files behind an update of fastagi, and check says what mends it',
    async () => {
      // As npm updates it: another directory of the same name.
      cpSync(installed, `${installed}.new`, { recursive: true, verbatimSymlinks: true });
      rmSync(installed, { recursive: true });
      renameSync(`${installed}.new`, installed);
      writeFileSync(join(installed, 'dist/build-id'), 'another');
      expect(check()).toMatch(
        /warning: the start of calls is not prepared for Bun \S+, and takes some ms longer; prepare it: fastagi prepare --bun\n/,
      );
      expect(await variableAfterCall()).toBe('yes');
      expect(prepare().status).toBe(0);
      expect(check()).not.toContain('not prepared');
      expect(JSON.parse(readFileSync(`${made()}.json`, 'utf8'))).toMatchObject({ build: 'another' });
    },
    patience,
  );
});

import { spawnSync } from 'node:child_process';
import { chmodSync, constants, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../ground/errors';
import { buildId, bunProgram, bunRecord, type BunRecord } from '../ground/bun-program';
import { dist } from '../ground/package-directory';
import { putWhole } from './whole-file';

/** The program, and what most calls load; everything else stays in files. */
const packed = ['call.js', 'later.js', 'bun.js'];

/** Scripts and their packages are read as everywhere; nothing in the working directory is a setting of root's. */
const options =
  '--compile --bytecode --format=cjs --target=bun --compile-autoload-package-json --compile-autoload-tsconfig --no-compile-autoload-dotenv --no-compile-autoload-bunfig'.split(
    ' ',
  );

/** In ms: it takes a second. */
const patience = 120_000;

/**
 * `fastagi prepare --bun`: makes one executable of Bun and what a call loads, with what Bun makes of it. Gives its path, and Bun's version.
 * @param bun the Bun to make it of
 */
export function prepareBun(bun: string): string {
  // Nobody else can enter it.
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-prepare-'));
  try {
    writeFileSync(join(dir, 'fastagi.cjs'), entry());
    const args = ['build', ...options, 'fastagi.cjs', '--outfile', 'fastagi-bun'];
    const { status, stderr, error } = spawnSync(bun, args, { cwd: dir, encoding: 'utf8', timeout: patience });
    if (error || status !== 0) {
      const why = error?.message ?? stderr.trim();
      throw new ConfigError(
        'FASTAGI_PREPARE',
        `${bun} built no program: ${why}; name a Bun of 1.4 or later: fastagi prepare --bun /path/to/bun`,
      );
    }
    const version = spawnSync(bun, ['--version'], { encoding: 'utf8' }).stdout.trim();
    const put = (target: string, write: (beside: string) => void): void => putWhole(target, write, 'fastagi prepare --bun');
    put(bunProgram, (beside) => {
      copyFileSync(join(dir, 'fastagi-bun'), beside, constants.COPYFILE_EXCL);
      chmodSync(beside, 0o755);
    });
    const record: BunRecord = { bun: version, build: buildId() };
    put(bunRecord, (beside) => writeFileSync(beside, `${JSON.stringify(record)}\n`, { flag: 'wx' }));
    return `${bunProgram}, by Bun ${version}`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * The program as Bun builds it. Other files of this package that want one of those that are packed get that one, so that scripts meet the very same
 * classes. After an update of fastagi it no longer fits, and the files are loaded instead. While the package is away, as in the middle of an update,
 * what is packed serves calls.
 */
function entry(): string {
  const text = (name: string): string => readFileSync(join(dist, name), 'utf8');
  const functions = packed.map((name) => `${JSON.stringify(name)}(exports, require, module, __filename, __dirname) {${text(name)}\n}`);
  return `'use strict';
const dist = ${JSON.stringify(dist)};
const packed = {${functions.join(',\n')}};

// A program that is one with its runtime.
process.argv[1] = process.execPath;
const isPrepared = fits();
(isPrepared ? load('bun.js') : require(dist + '/bun.js')).start({ isPrepared });

function fits() {
  try {
    return require('node:fs').readFileSync(dist + '/build-id', 'latin1') === ${JSON.stringify(buildId())};
  } catch {
    return true;
  }
}

function load(name) {
  const filename = dist + '/' + name;
  const known = require.cache[filename];
  if (known) return known.exports;
  const made = { id: filename, filename, loaded: false, exports: {}, children: [], paths: [] };
  require.cache[filename] = made;
  packed[name](made.exports, requireFrom, made, filename, dist);
  made.loaded = true;
  return made.exports;
}

function requireFrom(id) {
  if (!id.startsWith('./')) return process.getBuiltinModule(id) ?? require(id);
  const name = id.slice(2);
  return Object.hasOwn(packed, name) ? load(name) : require(dist + '/' + name);
}
`;
}

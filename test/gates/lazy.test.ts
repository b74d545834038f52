import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownCall } from '../support/own-package';
import { nodeProgram, project } from '../support/super-server';

/** The files that are loaded with the program at once: what is loaded later stands behind an arrow. */
function loadedAtOnce(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(project, 'dist', file), 'utf8');
  for (const [, name = ''] of text.matchAll(/= ?require\(["'`]\.\/([\w-]+\.js)["'`]\)/g)) loadedAtOnce(name, found);
  return found;
}

it('nothing of the manager is loaded before a script asks for it', () => {
  const files = [...loadedAtOnce('main.js')];
  expect(files).toContain('call.js');
  const text = files.map((name) => readFileSync(join(project, 'dist', name), 'utf8')).join('\n');
  expect(text).toContain('FASTAGI_HANGUP');
  for (const sign of ['FASTAGI_MANAGER_NOT_READY', 'FASTAGI_MANAGER_MALFORMED', 'CoreStatus', 'OriginateResponse'])
    expect(text).not.toContain(sign);
});

it('a call has all that it needs in one file', () => {
  // Each further one costs a caller a fraction of a ms: a runtime of the bundler's, for one.
  expect([...loadedAtOnce('call.js')]).toEqual(['call.js']);
  expect([...loadedAtOnce('later.js')]).toEqual(['later.js', 'call.js']);
});

/** What stands in dist/call.js though VERBOSE, SET VARIABLE and GET VARIABLE run nothing of it, and why. */
const exceptions = {
  'agi/wire/mark.ts': 'shorter than what would load it',
  'ground/errors.ts': 'classes: they are there, and nobody throws one',
  'ground/exit-status.ts': 'shorter than what would load it',
  'ground/runtime.ts': 'shorter than what would load it',
  'ground/script-exit.ts': 'a class',
  'ini/lib/ini.js': 'where a configuration has a quote or a semicolon, each call reads it',
  'serve/once/classic-call.ts': 'each classic call begins with it',
  'serve/process/syslog.ts': 'where the log goes unless a file is named',
};

it('a call has nothing in it that a plain one does not run, but for what is named here', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-plain-test-'));
  try {
    const run = await functionsRun(dir);
    expect(run.get('agi/commands/variables.ts')).toBe(true);
    expect([...run.keys()].filter((file) => !run.get(file)).toSorted()).toEqual(Object.keys(exceptions));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

interface Coverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly { readonly ranges: readonly Range[] }[] }[];
}
interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** The source files that have functions in dist/call.js, and whether a plain call ran one of them. */
async function functionsRun(dir: string): Promise<Map<string, boolean>> {
  // Its script's user writes there.
  const covered = join(dir, 'coverage');
  for (const [path, mode] of [
    [dir, 0o755],
    [join(dir, 'agi-bin'), 0o755],
    [covered, 0o1777],
  ] as const) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
  }
  writeFileSync(
    join(dir, 'agi-bin/plain.cjs'),
    "module.exports = async (agi) => {\n  await agi.verbose('plain');\n  await agi.setVariable('A', 'b');\n  await agi.verbose(await agi.getVariable('A'));\n};\n",
  );
  writeFileSync(join(dir, 'conf'), `[fastagi]\nbasedir = ${dir}/agi-bin\nlog = ${dir}/log\n`);
  const env = { NODE_V8_COVERAGE: covered, REMOTE_HOST: '127.0.0.1' };
  const { variables } = await ownCall([process.execPath, nodeProgram, '--config', join(dir, 'conf')], { script: 'plain.cjs', env });
  expect(variables.get('FASTAGISTATUS')).toBe('SUCCESS');
  const [file = ''] = readdirSync(covered);
  const { result } = JSON.parse(readFileSync(join(covered, file), 'utf8')) as Coverage;
  const { functions } = result.find(({ url }) => url.endsWith('/dist/call.js')) ?? { functions: [] };
  return byFile(functions.flatMap(({ ranges }) => ranges.slice(0, 1)));
}

/** What bin/fastagi writes before the program. */
const wrapper = '(function (exports, require, module, __filename, __dirname) {';

function byFile(functions: readonly Range[]): Map<string, boolean> {
  const text = readFileSync(join(project, 'dist/call.js'), 'utf8');
  const map = new SourceMap(JSON.parse(readFileSync(join(project, 'dist/call.js.map'), 'utf8')) as SourceMapPayload);
  const run = new Map<string, boolean>();
  for (const { startOffset, endOffset, count } of functions) {
    if (startOffset < wrapper.length) continue;
    // Within it: what comes before its first word is the file before.
    const at = endOffset - 1 - wrapper.length;
    const before = text.slice(0, at).split('\n');
    const { originalSource } = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0) as { originalSource: string };
    const name = originalSource.replace(/^.*\/(src|node_modules)\//, '');
    // What loads a file is not what is in it.
    if (!name.endsWith('?later')) run.set(name, run.get(name) === true || count > 0);
  }
  return run;
}

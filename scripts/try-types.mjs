// Compiles scripts against the packed package, from ESM and CommonJS, with TypeScript 5.4 to 7 and every way of resolving modules.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from './pack.mjs';
import { prepare } from './prepare.mjs';
import { run } from './run.mjs';

const compilers = ['5.4', '5.9', '6', '7'];
/** How modules are resolved, and what a file is compiled to. */
const ways = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
];

prepare();
await run('node', ['scripts/build.mjs']);
const dir = mkdtempSync(join(tmpdir(), 'fastagi-types-'));
try {
  install();
  writeSources();
  for (const compiler of compilers) for (const way of ways) compile(compiler, ...way);
  console.log('The types compile with each of them.');
} catch (error) {
  console.error(String(error.stdout ?? '') + error.message);
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function install() {
  const npm = (...args) =>
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  const tarball = packInto(dir);
  writeFileSync(join(dir, 'package.json'), '{}');
  npm('install', tarball, '@types/node@20', ...compilers.map((compiler) => `typescript-${compiler}@npm:typescript@${compiler}`));
}

/** The same scripts as ES modules and as CommonJS, and each door of the package. */
function writeSources() {
  const sources = {
    'script.mts': `import type { Agi, Script } from 'fastagi';
import { HangupError, callFile } from 'fastagi';
const script: Script = async (fastagi: Agi) => {
  const { digits, timedOut } = await fastagi.getData('vm-enter-num-to-call', 5000, 4);
  const key = await fastagi.menu({ 1: 'one', 2: ['two', { digits: 12 }] });
  const chosen: '1' | '2' | undefined = key;
  // @ts-expect-error there is no such method
  await fastagi.streamFiel('x');
  // @ts-expect-error a number of ms
  await fastagi.waitForDigit('soon');
  try {
    await fastagi.exec('Dial', ['PJSIP/100', 30, chosen ?? digits]);
  } catch (error) {
    if (!(error instanceof HangupError) || timedOut) throw error;
  }
  await callFile({ channel: 'PJSIP/100', context: 'default', extension: '100' });
};
export default script;
`,
    'script.cts': `import fastagi = require('fastagi');
const { HangupError } = fastagi;
module.exports = async (agi: fastagi.Agi): Promise<void> => {
  const value: string | undefined = await agi.getVariable('X');
  if (value === undefined) throw new HangupError('gone');
};
`,
    'board.mts': `import { connectManager, type AsteriskManager } from 'fastagi/manager';
const manager: AsteriskManager = await connectManager({ server: 'localhost', username: 'board', secret: 'x' });
for await (const event of manager.events({ names: ['Hangup'] })) {
  if ('dropped' in event) continue;
  const cause: string | undefined = event.get('Cause-txt');
  console.log(event.name, cause);
}
const { outcome, ended } = await manager.originate({ channel: 'PJSIP/100', context: 'default', extension: '200' });
if (outcome === 'answered') console.log((await ended)?.cause);
await manager.close();
`,
    'test.mts': `import { connectCall, startManagerServer, type Asterisk } from 'fastagi/testing';
import { Duplex } from 'node:stream';
const call: Asterisk = connectCall(new Duplex(), { script: 'x' }, { sounds: { beep: 0 } });
call.press('5');
const server = await startManagerServer({ users: { board: 'x' } });
await server.close();
`,
  };
  mkdirSync(join(dir, 'src'));
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(dir, 'src', name), text);
}

function compile(compiler, module, moduleResolution) {
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: false,
  };
  // A bundler knows no `import x = require()`.
  const files = ['script.mts', 'board.mts', 'test.mts', ...(moduleResolution === 'bundler' ? [] : ['script.cts'])].map(
    (name) => `src/${name}`,
  );
  const config = join(dir, `${compiler}-${moduleResolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const { bin } = JSON.parse(readFileSync(join(dir, `node_modules/typescript-${compiler}/package.json`), 'utf8'));
  execFileSync(process.execPath, [join(dir, `node_modules/typescript-${compiler}`, bin.tsc), '--project', config], { encoding: 'utf8' });
  console.log(`TypeScript ${compiler}, ${moduleResolution}: compiles`);
}

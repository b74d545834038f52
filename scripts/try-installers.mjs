// Installs the packed package with npm 9 to 12 and pnpm, from a file and by name, with and without scripts, and has each prepare the start of calls.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { packInto } from './pack.mjs';
import { cache, fetchPackage, prepare } from './prepare.mjs';
import { startRegistry } from './registry.mjs';
import { root, run } from './run.mjs';

/** Each with the Node that it runs under: this one, or one of those that the tests fetch. */
const installers = [
  { name: 'npm', version: '9' },
  { name: 'npm', version: '10' },
  { name: 'npm', version: '11' },
  { name: 'npm', version: '12', node: join(cache, 'node-24/bin/node') },
  { name: 'pnpm', version: '10' },
];

prepare('test');
await run('node', ['scripts/build.mjs']);
const dir = mkdtempSync(join(tmpdir(), 'fastagi-installers-'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let registry;
try {
  const tarball = packInto(dir);
  const scripts = Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name));
  if (scripts.length > 0) throw new Error(`the package has install scripts, which npm 12 passes over in silence: ${scripts.join(', ')}`);
  registry = await startRegistry(tarball, manifest);
  for (const installer of installers) await tryInstaller(installer, tarball);
  console.log('The package installs with each of them.');
} catch (error) {
  console.error(error.stderr || error.message);
  process.exitCode = 1;
} finally {
  registry?.stop();
  rmSync(dir, { recursive: true, force: true });
}

async function tryInstaller({ name, version, node = process.execPath }, tarball) {
  const program = fetchInstaller(name, version);
  for (const [what, target, extra] of [
    ['from a file', tarball, []],
    ['from a file, without scripts', tarball, ['--ignore-scripts']],
    ['by name', 'fastagi', ['--registry', registry.url]],
    ['by name, without scripts', 'fastagi', ['--registry', registry.url, '--ignore-scripts']],
  ]) {
    const prefix = mkdtempSync(join(dir, 'prefix-'));
    chmodSync(prefix, 0o755);
    mkdirSync(join(prefix, 'bin'));
    const env = {
      ...process.env,
      PATH: `${join(node, '..')}${delimiter}${join(prefix, 'bin')}${delimiter}${process.env.PATH}`,
      PNPM_HOME: join(prefix, 'bin'),
      npm_config_store_dir: join(dir, 'store'),
      npm_config_cache: join(dir, 'npm-cache'),
    };
    const command =
      name === 'npm'
        ? ['install', '--global', '--prefix', prefix, target, '--no-audit', '--no-fund', '--loglevel=error']
        : ['add', '--global', '--global-dir', join(prefix, 'global'), target, '--loglevel=error'];
    const call = promisify(execFile);
    await call(node, [program, ...command, ...extra], { cwd: prefix, env, timeout: 120_000 });
    const fastagi = (...args) => call(join(prefix, 'bin/fastagi'), args, { env, timeout: 60_000 }).catch((error) => error);
    const { stdout: before } = await fastagi('check');
    if (!before.includes('prepare it: fastagi prepare'))
      throw new Error(`${name} ${version}, ${what}: check does not name fastagi prepare:\n${before}`);
    const { stdout: prepared } = await fastagi('prepare');
    if (!prepared.includes('is prepared for Node')) throw new Error(`${name} ${version}, ${what}: fastagi prepare said: ${prepared}`);
    const { stdout: after } = await fastagi('check');
    if (after.includes('not prepared')) throw new Error(`${name} ${version}, ${what}: the start was not prepared:\n${after}`);
    console.log(`${name} ${version}, ${what}: installed and prepared`);
  }
}

/** As the registry has it; gives its program. */
function fetchInstaller(name, version) {
  const there = join(cache, `${name}-${version}`);
  if (!existsSync(there)) fetchPackage(`${name}@${version}`, there);
  return join(there, name === 'npm' ? 'bin/npm-cli.js' : 'bin/pnpm.cjs');
}

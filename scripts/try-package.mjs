// Installs the packed package as a user would, globally, and has xinetd serve a call with it.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, untilListening } from './ports.mjs';
import { prepare } from './prepare.mjs';
import { root } from './run.mjs';

prepare('test');
const dir = mkdtempSync(join(tmpdir(), 'fastagi-package-'));
chmodSync(dir, 0o755);
let xinetd;
try {
  const problem = await tryPackage();
  if (problem) throw new Error(problem);
  console.log('The packed package installs, and serves a call under xinetd.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  xinetd?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

async function tryPackage() {
  const npm = (...args) =>
    execFileSync('npm', [...args, '--loglevel=error'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  npm('pack', '--pack-destination', dir);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const prefix = join(dir, 'prefix');
  npm('install', '--global', '--prefix', prefix, join(dir, `fastagi-${version}.tgz`));
  const installed = join(prefix, 'lib/node_modules/fastagi');
  for (const file of ['xinetd/fastagi', 'services.snippet', 'systemd/fastagi.socket', 'examples/test-agi.js', 'dist/types/index.d.ts']) {
    if (!existsSync(join(installed, file))) return `${file} is missing in the package`;
  }
  const basedir = join(dir, 'agi-bin');
  mkdirSync(basedir);
  writeFileSync(join(basedir, 'package.json'), '{ "type": "module" }\n');
  // A real package beside it must not take it away.
  for (const name of [installed, 'ms']) npm('install', '--prefix', basedir, name);
  cpSync(join(installed, 'examples/test-agi.js'), join(basedir, 'test-agi.js'));
  writeFileSync(
    join(basedir, 'errors.js'),
    `import { HangupError, CommandError } from 'fastagi';
     import ms from 'ms';
     export default async (agi) => {
       const error = await agi.hangup('nobody').catch((thrown) => thrown);
       await agi.setVariable('hour', ms('1h'));
       await agi.setVariable('same', String(error instanceof CommandError && !(error instanceof HangupError)));
     };`,
  );
  const program = join(prefix, 'bin/fastagi');
  const check = () => execFileSync(program, ['check', '--basedir', basedir], { encoding: 'utf8' });
  if (!check().includes('prepare it: fastagi prepare')) return 'the installation ran something, or check does not name fastagi prepare';
  console.log(execFileSync(program, ['prepare'], { encoding: 'utf8' }));
  const checked = check();
  console.log(checked);
  if (checked.includes('not prepared')) return 'fastagi prepare did not prepare the start of calls';
  const port = await start(program, basedir);
  const seed = await call(port, 'test-agi.js');
  if (!seed.includes('SET VARIABLE "test" "1111"')) return `the call to test-agi.js said:\n${seed}`;
  const errors = await call(port, 'errors');
  if (!errors.includes('SET VARIABLE "same" "true"')) return `the error classes of the package are not those that are thrown:\n${errors}`;
  if (!errors.includes('SET VARIABLE "hour" "3600000"')) return `a package beside fastagi cannot be imported:\n${errors}`;
  return undefined;
}

async function start(program, basedir) {
  const port = await freePort();
  const service = readFileSync(join(root, 'xinetd/fastagi'), 'utf8')
    .replace(/^#\ttype .*$/m, '\ttype = UNLISTED')
    .replace(/^#\tport .*$/m, `\tport = ${port}`)
    .replace(/^\tserver .*$/m, `\tserver = ${program}\n\tserver_args = --basedir ${basedir}`)
    .replace(/^\tlog_type .*$/m, `\tlog_type = FILE ${join(dir, 'xinetd.log')}`)
    .replace(/^\tuser .*$/m, `\tuser = ${execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()}`);
  writeFileSync(join(dir, 'xinetd.conf'), service);
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  xinetd = spawn('xinetd', ['-f', join(dir, 'xinetd.conf'), '-dontfork', '-pidfile', join(dir, 'pid')], { stdio: 'ignore', env });
  xinetd.on('error', (error) => console.error(`xinetd: ${error.message}`));
  await untilListening(port, '127.0.0.1', xinetd);
  return port;
}

/** All that the program said in one call; the simulated Asterisk is at the other end. */
async function call(port, script) {
  const { connectCall } = createRequire(import.meta.url)('../dist/testing.js');
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(10_000, () => socket.destroy());
  const { commands } = connectCall(socket, { script });
  await new Promise((resolve) => socket.once('close', resolve));
  return commands.join('\n');
}

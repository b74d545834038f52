// The servers of `bench:workers` and `bench:many`, and what calls them.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, untilListening } from '../scripts/ports.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'fastagi-bench-'));
const isRoot = process.getuid() === 0;
const user = isRoot ? 1 : process.getuid();
const basedir = join(dir, 'agi-bin');
const loader = join(dir, 'load');
const started = [];

export const program = (name) => join(root, 'bench/programs', name);

chmodSync(dir, 0o755);
execFileSync('cc', ['-O2', '-o', loader, program('load.c'), '-lm'], { stdio: 'inherit' });
mkdirSync(basedir);
writeFileSync(join(basedir, 'package.json'), '{ "type": "module" }\n');
for (const commands of [1, 28]) {
  const file = join(basedir, `x${commands}.js`);
  writeFileSync(
    file,
    `export default async function (agi) {\n  for (let left = ${commands}; left > 0; left--) await agi.verbose('called');\n}\n`,
  );
  if (isRoot) chownSync(file, user, user);
}

/** Calls a server; gives what came of it. @param words as load.c has them */
export function load(port, script, ...words) {
  // Its status says whether calls were lost; so does what it prints.
  const { stdout } = spawnSync(loader, [port, script, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(stdout);
}

/** The same, while something else is done. */
export function startLoad(port, script, ...words) {
  const child = spawn(loader, [port, script, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  child.stdout.on('data', (bytes) => (printed += bytes));
  return new Promise((resolve) => child.once('close', () => resolve(JSON.parse(printed))));
}

export function closeServers() {
  for (const child of started) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

/** A server that listens by itself. */
export async function own(command, commands) {
  const port = await freePort();
  return running(spawn(command[0], [...command.slice(1), port, commands], { stdio: 'ignore' }), port);
}

/** @param count of processes; 0 for one for each core */
/** @param command what runs fastagi, this Node unless given */
export async function workers(count, settings = 'max_calls = 5000\n', command = [process.execPath, `${root}bin/fastagi`]) {
  const port = await freePort();
  const config = configuration(
    `workers${count}`,
    `${count > 0 ? `workers = ${count}\n` : ''}${settings}status_socket = ${dir}/status.sock\n`,
  );
  const [file, ...args] = command;
  return running(spawn(file, [...args, 'listen', '--config', config, '--port', port], { stdio: 'ignore' }), port);
}

const withoutLimits = 'cps = 100000 1\ninstances = UNLIMITED\nper_source = UNLIMITED\n';

/** xinetd starts a program for each call, this one unless given. @param limits of the service */
export async function perConnection(
  server = process.execPath,
  args = `${root}bin/fastagi --config ${configuration('once')}`,
  limits = withoutLimits,
) {
  const port = await freePort();
  const file = join(dir, 'xinetd.conf');
  const text =
    `service bench\n{\ntype = UNLISTED\nport = ${port}\nbind = 127.0.0.1\nsocket_type = stream\nprotocol = tcp\nwait = no\nuser = root\nserver = ${server}\n` +
    `server_args = ${args}\n${limits}passenv = PATH\nflags = NODELAY\n}\n`;
  writeFileSync(file, text);
  return running(spawn('xinetd', ['-f', file, '-dontfork', '-pidfile', join(dir, 'pid')], { stdio: 'ignore', env: { PATH: `${process.env.PATH}:/usr/sbin` } }), port); // prettier-ignore
}

/** The limits of xinetd/fastagi. */
export function shippedLimits() {
  const lines = readFileSync(join(root, 'xinetd/fastagi'), 'utf8').split('\n');
  return ['cps', 'instances', 'per_source']
    .map((name) => `${lines.find((line) => line.trim().split(/\s/)[0] === name)?.trim()}\n`)
    .join('');
}

/** systemd starts this program for each call. */
export async function perConnectionOfSystemd() {
  const port = await freePort();
  const command = ['--accept', '--inetd', '--listen', `127.0.0.1:${port}`, process.execPath, `${root}bin/fastagi`, '--config', configuration('once')]; // prettier-ignore
  return running(spawn('systemd-socket-activate', command, { stdio: 'ignore', env: { PATH: process.env.PATH } }), port);
}

async function running(child, port) {
  started.push(child);
  await untilListening(port, '127.0.0.1', child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  return { port: String(port), pid: child.pid, stop };
}

function configuration(name, more = '') {
  const file = join(dir, `${name}.conf`);
  const who = execFileSync('id', ['-un', user], { encoding: 'utf8' }).trim();
  writeFileSync(file, `[fastagi]\nleast_uid = 1\nbasedir = ${basedir}\nlog = ${join(dir, 'log')}\nuser = ${who}\n${more}`);
  return file;
}

export function which(name) {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

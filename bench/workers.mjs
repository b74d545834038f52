// `npm run bench:workers`: what workers do beside programs that xinetd starts for each call, and beside other servers; side by side in one run, as ratios.
// With --rounds N as many rounds as that (3). Needs a C compiler: the load must not be what is measured.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, untilListening } from '../scripts/ports.mjs';
import { cache } from '../scripts/prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1]) || 3;
const dir = mkdtempSync(join(tmpdir(), 'fastagi-bench-'));
const program = (name) => join(root, 'bench/programs', name);
const load = join(dir, 'load');
const user = process.getuid() === 0 ? 1 : process.getuid();
const started = [];

chmodSync(dir, 0o755);
execFileSync('cc', ['-O2', '-o', load, program('load.c'), '-lm'], { stdio: 'inherit' });
const dingDong = install('ding-dong');
const basedir = join(dir, 'agi-bin');
mkdirSync(basedir);
writeFileSync(join(basedir, 'package.json'), '{ "type": "module" }\n');
for (const commands of [1, 28]) {
  const file = join(basedir, `x${commands}.js`);
  writeFileSync(
    file,
    `export default async function (agi) {\n  for (let left = ${commands}; left > 0; left--) await agi.verbose('called');\n}\n`,
  );
  if (process.getuid() === 0) chownSync(file, user, user);
}

try {
  const all = [
    ['bare node:net, one process', (commands) => own([process.execPath, program('bare-server.cjs')], commands)],
    ['fastagi listen, one worker', () => workers(1)],
    ['fastagi listen, a worker for each core', () => workers(0)],
    ['ding-dong', (commands) => own([process.execPath, program('ding-dong.cjs'), dingDong], commands)],
    ['fastagi, a process for each call', () => xinetd(process.execPath, `${root}bin/fastagi --config ${configuration('once')}`)],
    ['PHP, a process for each call', (commands) => xinetd(which('php'), `-n ${program('bare.php')} ${commands}`)],
    ["Perl's Asterisk::AGI, a process for each call", (commands) => xinetd(which('perl'), `${program('agi.pl')} ${commands}`)],
  ];
  for (const commands of [1, 28]) print(commands, await measure(all, commands));
} finally {
  for (const child of started) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

/** Each of them once a round, in turn, so that whatever else the machine does hits all alike. */
async function measure(all, commands) {
  const results = all.map(([name]) => ({ name, one: [], sixteen: [], most: [], first: [], late: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, [name, start]] of all.entries()) {
      console.error(`${commands} commands a call, round ${round + 1} of ${rounds}: ${name}`);
      const { port, stop } = await start(commands);
      const isFast = !name.includes('each call');
      const run = (...words) => JSON.parse(execFileSync(load, [port, `x${commands}.js`, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })); // prettier-ignore
      run(`calls=${isFast ? 2000 : 20}`, 'at_once=16');
      const single = run(`calls=${isFast ? 1000 : 30}`, 'at_once=1');
      results[index].one.push(single.rate);
      results[index].first.push(single.p50);
      results[index].sixteen.push(run(`calls=${isFast ? 5000 : 150}`, 'at_once=16').rate);
      if (isFast) {
        const { rate } = run(`calls=${commands === 1 ? 15_000 : 3000}`, 'at_once=256');
        results[index].most.push(rate);
        results[index].late.push(run(`calls=${Math.round(rate * 2)}`, `per_second=${Math.round(rate * 0.8)}`).p999);
      }
      await stop();
    }
  }
  return results;
}

function print(commands, results) {
  const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
  const cell = (values, digits) => (values.length > 0 ? median(values).toFixed(digits) : '');
  console.log(
    `\n${commands} ${commands === 1 ? 'command' : 'commands'} a call, and one that reports it; Node ${process.version}; medians of ${rounds} rounds\n`,
  );
  console.log('| | calls/s, 1 at once | 16 | 256 | first command, ms | p99.9 at 80% load, ms |\n| --- | --- | --- | --- | --- | --- |');
  for (const { name, one, sixteen, most, first, late } of results)
    console.log(`| ${name} | ${cell(one, 0)} | ${cell(sixteen, 0)} | ${cell(most, 0)} | ${cell(first, 2)} | ${cell(late, 1)} |`);
  const [bare, single, cores, other, , php] = results;
  const best = Math.max(median(single.most), median(cores.most));
  console.log();
  const goal = commands === 1 ? 60 : 20;
  verdict(`calls/s at 256, at least ${goal} times the PHP program's at 16`, best / median(php.sixteen), (value) => value >= goal);
  verdict("calls/s at 256, above ding-dong's", best / median(other.most), (value) => value > 1);
  verdict(
    "calls/s at 256 with one worker, at least 0.8 of the bare server's",
    median(single.most) / median(bare.most),
    (value) => value >= 0.8,
  );
  if (commands > 1) return;
  verdict("first command at 1, below 1/30 of the PHP program's", median(single.first) / median(php.first), (value) => value < 1 / 30);
  verdict("p99.9 at 80% load, a 20th of Asterisk's 2 s at most, in ms", median(single.late), (value) => value < 100);
}

function verdict(what, value, reached) {
  console.log(`${reached(value) ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(value < 0.1 ? 3 : 2)}`);
}

/** A server that listens by itself. */
async function own(command, commands) {
  const port = await freePort();
  return running(spawn(command[0], [...command.slice(1), port, commands], { stdio: 'ignore' }), port);
}

async function workers(count) {
  const port = await freePort();
  const config = configuration(
    `workers${count}`,
    `${count > 0 ? `workers = ${count}\n` : ''}max_calls = 5000\nstatus_socket = ${dir}/status.sock\n`,
  );
  return running(spawn(process.execPath, [`${root}bin/fastagi`, 'listen', '--config', config, '--port', port], { stdio: 'ignore' }), port);
}

async function xinetd(server, args) {
  const port = await freePort();
  const file = join(dir, 'xinetd.conf');
  const text =
    `service bench\n{\ntype = UNLISTED\nport = ${port}\nbind = 127.0.0.1\nsocket_type = stream\nprotocol = tcp\nwait = no\nuser = root\nserver = ${server}\n` +
    `server_args = ${args}\ncps = 100000 1\ninstances = UNLIMITED\nper_source = UNLIMITED\npassenv = PATH\nflags = NODELAY\n}\n`;
  writeFileSync(file, text);
  return running(spawn('xinetd', ['-f', file, '-dontfork', '-pidfile', join(dir, 'pid')], { stdio: 'ignore', env: { PATH: `${process.env.PATH}:/usr/sbin` } }), port); // prettier-ignore
}

async function running(child, port) {
  started.push(child);
  await untilListening(port, '127.0.0.1', child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  return { port: String(port), stop };
}

function configuration(name, more = '') {
  const file = join(dir, `${name}.conf`);
  const who = execFileSync('id', ['-un', user], { encoding: 'utf8' }).trim();
  writeFileSync(file, `[fastagi]\nleast_uid = 1\nbasedir = ${basedir}\nlog = ${join(dir, 'log')}\nuser = ${who}\n${more}`);
  return file;
}

/** A module of npm that is only compared with. */
function install(name) {
  const there = join(cache, 'bench-servers');
  if (!existsSync(join(there, 'node_modules', name))) {
    mkdirSync(there, { recursive: true });
    execFileSync('npm', ['install', '--prefix', there, '--no-audit', '--no-fund', '--loglevel=error', name], { stdio: 'inherit' });
  }
  return join(there, 'node_modules', name);
}

function which(name) {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

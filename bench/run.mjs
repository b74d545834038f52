// `npm run bench`: what a call costs under real xinetd, side by side in one run, as ratios to the floor.
// With --rounds N as many rounds as that (40); with --beside DIR also the program of another checkout, built and prepared there.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, untilListening } from '../scripts/ports.mjs';
import { call, heldMemory, rate } from './caller.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1]) || 40;
const beside = process.argv.includes('--beside') ? process.argv[process.argv.indexOf('--beside') + 1] : undefined;
const dir = mkdtempSync(join(tmpdir(), 'fastagi-bench-'));
chmodSync(dir, 0o755);
const basedir = join(dir, 'agi-bin');
mkdirSync(basedir);
const config = join(dir, 'phpagi.conf');
writeFileSync(config, `[fastagi]\nleast_uid = 1\nbasedir = ${basedir}\nlog = ${join(dir, 'log')}\n`);
writeFileSync(join(basedir, 'package.json'), '{ "type": "module" }\n');
writeScript('verbose.cjs', "module.exports = async (agi) => {\n  await agi.verbose('called');\n};\n");
writeScript('verbose.js', "export default async function (agi) {\n  await agi.verbose('called');\n}\n");

const ours = `${root}bin/fastagi`;
const program = (name) => join(root, 'bench/programs', name);
const candidates = [
  { name: 'floor: CommonJS, synchronous', server: process.execPath, args: program('floor.cjs') },
  { name: 'CommonJS reading with node:net', server: process.execPath, args: program('net.cjs') },
  { name: 'fastagi, CommonJS script', server: process.execPath, args: `${ours} --config ${config}`, script: 'verbose.cjs' },
  { name: 'fastagi, ES module script', server: process.execPath, args: `${ours} --config ${config}`, script: 'verbose.js' },
  { name: 'floor, --no-rehash-snapshot', server: process.execPath, args: `--no-rehash-snapshot ${program('floor.cjs')}` },
  {
    name: 'fastagi, CommonJS, --no-rehash-snapshot',
    server: process.execPath,
    args: `--no-rehash-snapshot ${ours} --config ${config}`,
    script: 'verbose.cjs',
  },
  {
    name: 'fastagi, CommonJS, below setpriv --no-new-privs',
    server: which('setpriv'),
    args: `--no-new-privs ${process.execPath} ${ours} --config ${config}`,
    script: 'verbose.cjs',
  },
  ...(beside
    ? [{ name: `fastagi of ${beside}`, server: process.execPath, args: `${beside}/bin/fastagi --config ${config}`, script: 'verbose.cjs' }]
    : []),
  { name: 'PHP, bare', server: which('php'), args: `-n ${program('bare.php')}` },
  { name: "Perl's Asterisk::AGI", server: hasPerlModule() ? which('perl') : undefined, args: program('agi.pl') },
];
for (const { name, server } of candidates) if (!server) console.log(`${name}: not installed, left out`);
const targets = candidates.filter(({ server }) => server);

let xinetd;
try {
  await start();
  for (const target of targets) await call(target);
  const results = await measure();
  print(results);
} finally {
  xinetd?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

/** A line that is written anew, on a terminal; elsewhere one line a step. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else console.error(text);
}

async function measure() {
  const results = targets.map((target) => ({ ...target, first: [], end: [], one: [], sixteen: [], memory: [] }));
  // In turn, so that whatever else the machine does hits all alike.
  for (let round = 0; round < rounds; round++) {
    if (process.stderr.isTTY || round % 10 === 0) progress(`single calls: round ${round + 1} of ${rounds}`);
    for (const result of results) {
      const { first, end } = await call(result);
      result.first.push(first);
      result.end.push(end);
    }
  }
  const loads = Math.ceil(rounds / 10);
  for (let round = 0; round < loads; round++) {
    for (const result of results) {
      progress(`calls at once and memory: round ${round + 1} of ${loads}, ${result.name}`);
      result.one.push(await rate(result, 1, 20));
      result.sixteen.push(await rate(result, 16, 120));
      result.memory.push(await heldMemory(result, xinetd.pid));
    }
  }
  progress('');
  return results;
}

function print(results) {
  const [floor] = results;
  const cell = (result, key, digits) => `${median(result[key]).toFixed(digits)} (${ratio(result, floor, key).toFixed(2)})`;
  console.log(`\nNode ${process.version}, ${rounds} rounds; medians, and in brackets the ratio to the floor\n`);
  console.log(
    '| program, started per connection by xinetd | first command, ms | end, ms | calls/s, 1 at once | 16 at once | private memory, KB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const result of results) {
    const cells = [
      cell(result, 'first', 1),
      cell(result, 'end', 1),
      cell(result, 'one', 1),
      cell(result, 'sixteen', 1),
      cell(result, 'memory', 0),
    ];
    console.log(`| ${result.name} | ${cells.join(' | ')} |`);
  }
  console.log(`
first command    from the connect to the first command at Asterisk: so long the caller waits
end              from the connect to the end of a call with two commands
calls/s          so many calls are served in a second, one after the other and 16 at once
private memory   what one call takes that no other shares
Each call has a process of its own. The floor is a program that does nothing but the same exchange: no program in Node can be faster.
`);
  const find = (name) => results.find((result) => result.name === name);
  const fast = find('fastagi, CommonJS script');
  const net = find('CommonJS reading with node:net');
  console.log();
  const other = find(`fastagi of ${beside}`);
  if (other) console.log(`first command, ours to that of ${beside}: ${ratio(fast, other, 'first').toFixed(3)}`);
  verdict('first command, at most 1.10 of the floor', ratio(fast, floor, 'first'), (value) => value <= 1.1);
  verdict('calls/s at 16, at least those of the node:net program', ratio(fast, net, 'sixteen'), (value) => value >= 1);
  verdict('calls/s at 16, above 0.75 of the floor', ratio(fast, floor, 'sixteen'), (value) => value > 0.75);
  verdict('private memory, at most 1.20 of the floor', ratio(fast, floor, 'memory'), (value) => value <= 1.2);
  console.log(
    '\nMISSED: the goal that was set is not reached; what stands in the way is in docs/costs.md and docs/architecture.md. Nothing is broken.',
  );
}

function verdict(what, value, reached) {
  console.log(`${reached(value) ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(2)}`);
}

/** The median of the rounds' own ratios, which a drifting machine disturbs least. */
function ratio(result, base, key) {
  return median(result[key].map((value, round) => value / base[key][round]));
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function writeScript(name, text) {
  writeFileSync(join(basedir, name), text, { mode: 0o644 });
  // Owned by an ordinary user, as scripts are: the change of identity belongs to the cost.
  if (process.getuid() === 0) chownSync(join(basedir, name), 1, 1);
}

async function start() {
  const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
  let services = '';
  for (const [index, target] of targets.entries()) {
    target.port = await freePort();
    services +=
      `service bench${index}\n{\ntype = UNLISTED\nport = ${target.port}\nbind = 127.0.0.1\nsocket_type = stream\nprotocol = tcp\nwait = no\nuser = ${user}\n` +
      `server = ${target.server}\nserver_args = ${target.args}\ncps = 100000 1\ninstances = UNLIMITED\nper_source = UNLIMITED\npassenv = PATH\nflags = NODELAY\n}\n`;
  }
  writeFileSync(join(dir, 'xinetd.conf'), services);
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  xinetd = spawn('xinetd', ['-f', join(dir, 'xinetd.conf'), '-dontfork', '-pidfile', join(dir, 'pid')], { stdio: 'ignore', env });
  await untilListening(targets.at(-1).port, '127.0.0.1', xinetd);
}

function which(name) {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function hasPerlModule() {
  try {
    execFileSync('perl', ['-MAsterisk::AGI', '-e', '1'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

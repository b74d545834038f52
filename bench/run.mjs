// `npm run bench`: what a call costs under real xinetd, side by side in one run, as ratios to the floor of the same runtime.
// With --rounds N as many rounds as that (40); with --beside DIR also the program of another checkout, built and prepared there. Fails if a call failed.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, untilListening } from '../scripts/ports.mjs';
import { call, heldMemory, rate } from './caller.mjs';
import { barePhp, candidates, fast, makeBunProgram, onBun } from './candidates.mjs';
import { ratiosOf, summaryOf } from './statistics.mjs';

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
writeScript('verbose.php', "<?php\n$agi->verbose('called');\n");

makeBunProgram();
const all = candidates(config, beside);
for (const { name, server } of all) if (!server) console.log(`${name}: not installed, left out`);
const targets = all.filter(({ server }) => server);
// As after an installation under each of them.
for (const { server } of targets.filter(({ isOurs }) => isOurs))
  execFileSync(server, [`${root}bin/fastagi`, 'prepare'], { stdio: 'ignore' });

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
  const of = (name) => results.find((result) => result.name === name);
  const ratio = (result, key, base = of(result.base)) => summaryOf(ratiosOf(result[key], base[key]));
  const cell = (result, key, digits) => {
    const { median, low, high } = ratio(result, key);
    return `${summaryOf(result[key]).median.toFixed(digits)} (${median.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}])`;
  };
  console.log(`\nNode ${process.version}, ${rounds} rounds in turn under xinetd; medians, and in brackets the ratio to the runtime's own floor with its 95% interval\n`); // prettier-ignore
  console.log('| program, started per connection | first command, ms | end, ms | calls/s, 1 at once | 16 at once | private memory, KB |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const columns = [['first', 1], ['end', 1], ['one', 1], ['sixteen', 1], ['memory', 0]]; // prettier-ignore
  for (const result of results)
    console.log(`| ${result.name} | ${columns.map(([key, digits]) => cell(result, key, digits)).join(' | ')} |`);
  console.log(`
first command    from the connect to the first command at Asterisk: so long the caller waits
end              from the connect to the end of a call with two commands
calls/s          so many calls are served in a second, one after the other and 16 at once
private memory   what one call takes that another call of the same program, held beside it, does not share
Each call has a process of its own. A floor is a program that does nothing but the same exchange: no program of its runtime can be faster.
PHP, Perl and Bun are ratios to the floor on Node ${process.versions.node.split('.')[0]}.
`);
  const verdict = (what, name, key, goal, base) => {
    const result = of(name);
    if (!result || (base && !of(base))) return;
    const { median, low, high } = ratio(result, key, base && of(base));
    const isReached = goal.startsWith('at least') ? median >= Number(goal.slice(9)) : median <= Number(goal.slice(8));
    console.log(`${isReached ? 'reached' : 'MISSED '}  ${what}, ${goal}: ${median.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`);
  };
  verdict(`first command of ${fast}`, fast, 'first', 'at most 1.12');
  verdict('... with --no-rehash-snapshot', `${fast}, --no-rehash-snapshot`, 'first', 'at most 1.06');
  verdict(`calls/s at 16 of ${fast}`, fast, 'sixteen', 'at least 0.88');
  for (const major of [22, 24, 26])
    verdict(`first command of fastagi on Node ${major}`, `fastagi on Node ${major}`, 'first', 'at most 1.10');
  verdict(`first command of ${onBun}`, onBun, 'first', 'at most 0.66');
  verdict('... to that of bare PHP', onBun, 'first', 'at most 1.00', barePhp);
  verdict(`calls/s at 16 of ${onBun}`, onBun, 'sixteen', 'at least 1.25');
  if (of(onBun)) {
    const { median, low, high } = summaryOf(of(onBun).memory);
    console.log(`${median <= 3200 ? 'reached' : 'MISSED '}  private memory of ${onBun}, at most 3200 KB: ${median.toFixed(0)} [${low.toFixed(0)}, ${high.toFixed(0)}]`); // prettier-ignore
  }
  if (beside) verdict(`first command, ours to that of ${beside}`, fast, 'first', 'at most 1.00', `fastagi of ${beside}`);
  console.log('\nMISSED: the goal that was set is not reached; what stands in the way is in docs/costs.md and docs/architecture.md. Nothing is broken.'); // prettier-ignore
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
      `server = ${target.server}\nserver_args = ${target.args}\ncps = 100000 1\ninstances = UNLIMITED\nper_source = UNLIMITED\npassenv = PATH\n${target.env ? `env = ${target.env}\n` : ''}flags = NODELAY\n}\n`;
  }
  writeFileSync(join(dir, 'xinetd.conf'), services);
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  xinetd = spawn('xinetd', ['-f', join(dir, 'xinetd.conf'), '-dontfork', '-pidfile', join(dir, 'pid')], { stdio: 'ignore', env });
  await untilListening(targets.at(-1).port, '127.0.0.1', xinetd);
}

// `npm run bench:workers`: what workers do beside programs that xinetd starts for each call, and beside other servers; side by side in one run, as ratios.
// With --rounds N as many rounds as that (3). With --write the tables go to docs/scaling.md, and a plot of them beside it.
// Needs a C compiler: the load must not be what is measured.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../scripts/prepare.mjs';
import { tableOf, titleOf, writePlot, writeTables } from './results.mjs';
import { makeBunProgram } from './candidates.mjs';
import { closeServers, load, own, perConnection, program, which, workers } from './servers.mjs';

const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1]) || 3;
const dingDong = install('ding-dong');
const onBun = 'fastagi listen on Bun, a worker for each core';
const bun = makeBunProgram();

try {
  const all = [
    ['bare node:net, one process', (commands) => own([process.execPath, program('bare-server.cjs')], commands)],
    ['fastagi listen, one worker', () => workers(1)],
    ['fastagi listen, a worker for each core', () => workers(0)],
    ...(bun ? [[onBun, () => workers(0, undefined, [bun])]] : []),
    ['ding-dong', (commands) => own([process.execPath, program('ding-dong.cjs'), dingDong], commands)],
    ['fastagi, a process for each call', () => perConnection()],
    ['PHP, a process for each call', (commands) => perConnection(which('php'), `-n ${program('bare.php')} ${commands}`)],
    ["Perl's Asterisk::AGI, a process for each call", (commands) => perConnection(which('perl'), `${program('agi.pl')} ${commands}`)],
  ];
  const tables = [];
  for (const commands of [1, 28]) {
    const results = medians(await measure(all, commands));
    print(commands, results);
    tables.push({ commands, results });
  }
  if (process.argv.includes('--write')) {
    writeTables(
      'calls a second',
      tables.flatMap(({ commands, results }) => [`${titleOf(commands)}:`, '', ...tableOf(results), '']),
    );
    writePlot(tables[0].results);
  }
} finally {
  closeServers();
}

/** Each of them once a round, in turn, so that whatever else the machine does hits all alike. */
async function measure(all, commands) {
  const results = all.map(([name]) => ({ name, one: [], sixteen: [], most: [], first: [], late: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, [name, start]] of all.entries()) {
      console.error(`${commands} commands a call, round ${round + 1} of ${rounds}: ${name}`);
      const { port, stop } = await start(commands);
      const isFast = !name.includes('each call');
      const run = (...words) => load(port, `x${commands}.js`, ...words);
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

function medians(results) {
  const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
  return results.map(({ name, ...figures }) => ({
    name,
    ...Object.fromEntries(Object.entries(figures).map(([key, values]) => [key, median(values)])),
  }));
}

function print(commands, results) {
  console.log(`\n${titleOf(commands)}; Node ${process.version}; medians of ${rounds} rounds\n`);
  for (const line of tableOf(results)) console.log(line);
  const of = (name) => results.find((result) => result.name.startsWith(name));
  const [bare, single, cores] = results;
  const [other, php] = [of('ding-dong'), of('PHP')];
  const best = Math.max(single.most, cores.most);
  console.log();
  const goal = commands === 1 ? 60 : 20;
  verdict(`calls/s at 256, at least ${goal} times the PHP program's at 16`, best / php.sixteen, (value) => value >= goal);
  if (bun)
    verdict('calls/s at 256 of workers on Bun, at least 1.4 times those on Node', of(onBun).most / cores.most, (value) => value >= 1.4);
  verdict("calls/s at 256, above ding-dong's", best / other.most, (value) => value > 1);
  verdict("calls/s at 256 with one worker, at least 0.8 of the bare server's", single.most / bare.most, (value) => value >= 0.8);
  if (commands > 1) return;
  verdict("first command at 1, below 1/30 of the PHP program's", single.first / php.first, (value) => value < 1 / 30);
  verdict("p99.9 at 80% load, a 20th of Asterisk's 2 s at most, in ms", single.late, (value) => value < 100);
}

function verdict(what, value, reached) {
  console.log(`${reached(value) ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(value < 0.1 ? 3 : 2)}`);
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

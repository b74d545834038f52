// `npm run bench:manager`: events and actions per second, and memory, of this manager client and of npm's two, each in a process of its own, against one bare
// server; the medians of several rounds, and their ratios. With --rounds N as many rounds as that (7).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache } from '../scripts/prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1]) || 7;
const others = join(cache, 'manager-clients');
install();

const clients = ['reads bytes only', 'fastagi', 'fastagi, headers read', 'asterisk-manager', 'asterisk-ami-client'];
const server = spawn(process.execPath, [join(root, 'bench/programs/manager-server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
const port = await new Promise((resolve) => createInterface(server.stdout).once('line', resolve));
const results = new Map(clients.map((name) => [name, []]));
try {
  for (let round = 0; round < rounds; round++) for (const name of clients) results.get(name).push(await measure(name));
} finally {
  server.kill();
}
print();

/** One client in a fresh process. */
async function measure(name) {
  const child = spawn(process.execPath, ['--expose-gc', join(root, 'bench/programs/manager-client.mjs'), name, port, others], {
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: root,
  });
  let text = '';
  child.stdout.on('data', (bytes) => (text += bytes));
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(text);
}

function print() {
  const median = (name, what) => results.get(name).map((result) => result[what]).sort((one, other) => one - other)[Math.floor(rounds / 2)]; // prettier-ignore
  const best = Math.max(...['asterisk-manager', 'asterisk-ami-client'].map((name) => median(name, 'events')));
  console.log(`\n${'client'.padEnd(24)} events/s  of the better of npm's  actions/s  MB held during events`);
  for (const name of clients) {
    const [events, actions, memory] = ['events', 'actions', 'memory'].map((what) => median(name, what));
    console.log(
      `${name.padEnd(24)} ${String(Math.round(events)).padStart(8)}  ${(events / best).toFixed(2).padStart(22)}  ${String(Math.round(actions) || '-').padStart(9)}  ${memory.toFixed(1).padStart(21)}`,
    );
  }
  console.log(`medians of ${rounds} rounds`);
}

function install() {
  if (existsSync(join(others, 'node_modules/asterisk-ami-client'))) return;
  mkdirSync(others, { recursive: true });
  const install = [
    'install',
    '--prefix',
    others,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    'asterisk-manager@0.2.0',
    'asterisk-ami-client@1.1.5',
  ];
  if (spawnSync('npm', install, { stdio: 'inherit' }).status !== 0) throw new Error('npm cannot install the clients to compare with');
}

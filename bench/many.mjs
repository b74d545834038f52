// `npm run bench:many`: bursts, and how many calls are lost in them; many calls in a row, and many that are held, and what they take.
// With --write the tables go to docs/scaling.md. Needs a C compiler, as bench:workers does.
import { readFileSync } from 'node:fs';
import { writeTables } from './results.mjs';
import { closeServers, load, perConnection, perConnectionOfSystemd, shippedLimits, startLoad, workers } from './servers.mjs';

const bursts = [50, 100, 200, 400, 800, 2000];
const forms = [
  { name: 'xinetd, a process for each call', start: () => perConnection(undefined, undefined, shippedLimits()) },
  { name: 'systemd, a process for each call', start: perConnectionOfSystemd },
  { name: 'workers', start: () => workers(0) },
];
const [inARow, batch] = [100_000, 10_000];

try {
  const tables = [...(await measureBursts()), '', ...(await measureRow()), '', ...(await measureHeld())];
  for (const line of tables) console.log(line);
  if (process.argv.includes('--write')) writeTables('many calls', tables);
} finally {
  closeServers();
}

/** So many calls at once, each of which has Asterisk's 2 s for its connect. A form that has lost calls is not asked for more. */
async function measureBursts() {
  const rows = [];
  for (const { name, start } of forms) {
    const cells = [];
    for (const calls of bursts) {
      if (cells.at(-1)?.lost > 0) break;
      console.error(`a burst of ${calls}: ${name}`);
      const { port, stop } = await start();
      load(port, 'x1.js', 'calls=20', 'at_once=4');
      cells.push(load(port, 'x1.js', `calls=${calls}`, `at_once=${calls}`));
      await stop();
    }
    rows.push(`| ${name} | ${bursts.map((_, index) => cellOf(cells[index])).join(' | ')} |`);
  }
  return [
    `Calls at once, and how many of them were lost; in brackets the time in s until the last one had its first command:`,
    '',
    `| | ${bursts.join(' | ')} |`,
    `| --- |${' --- |'.repeat(bursts.length)}`,
    ...rows,
  ];
}

function cellOf(found) {
  return found ? `${found.lost} (${(found.max / 1000).toFixed(1)})` : '';
}

async function measureRow() {
  const { port, pid, stop } = await workers(0);
  const all = { failed: 0, memory: [] };
  for (let done = 0; done < inARow; done += batch) {
    console.error(`${done} of ${inARow} calls in a row`);
    const { lost, busy } = load(port, 'x1.js', `calls=${batch}`, 'at_once=64');
    all.failed += lost + busy;
    all.memory.push(privateMemory(pid));
  }
  await stop();
  const mb = all.memory.map((kb) => Math.round(kb / 1024));
  return [
    `${inARow.toLocaleString('en')} calls in a row, 64 at once: ${all.failed} failed. Private memory of all processes after each ${batch.toLocaleString('en')}, in MB: ${mb.join(', ')}.`,
  ];
}

async function measureHeld() {
  const lines = [];
  for (const calls of [1000, 10_000]) {
    console.error(`${calls} held calls`);
    const { port, pid, stop } = await workers(0, 'max_calls = 12000\n');
    load(port, 'x1.js', 'calls=2000', 'at_once=64');
    const before = privateMemory(pid);
    const held = startLoad(port, 'x1.js', `calls=${calls}`, 'per_second=2000', 'hold=10000');
    await new Promise((resolve) => setTimeout(resolve, 9000));
    const more = privateMemory(pid) - before;
    const { lost, busy } = await held;
    lines.push(
      `${calls.toLocaleString('en')} calls held at the same time: ${lost + busy} lost, ${Math.round(more / calls)} KB each on top of the workers.`,
      '',
    );
    await stop();
  }
  return lines;
}

/** Of a process and all that it started, in KB. */
function privateMemory(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);
  const own = [...readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1').matchAll(/^Private_\w+:\s+(\d+)/gm)];
  return own.reduce((sum, [, kb]) => sum + Number(kb), 0) + children.reduce((sum, child) => sum + privateMemory(child), 0);
}

// `npm run mutate [-- PATH... --most N]`: changes src in small ways, one at a time, and names each change that no test notices.
// PATH is a file or folder of src (all rooms whose modules have tests of their own unless given); --most takes so many changes of each file, evenly.
// The tests that count are those of the same room. 90 of 100 changes should be noticed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { mutationsOf } from './mutations.mjs';
import { prepare } from './prepare.mjs';
import { root } from './run.mjs';

prepare();
const rooms = ['agi', 'call', 'config', 'ground', 'ivr', 'manager', 'script', 'serve', 'spool', 'tape', 'tts'];
const { paths, most } = argumentsOf(process.argv.slice(2));
/** So long the tests of one change may take, in ms: a loop without end is noticed, too. */
const patience = 30_000;
/** Has the change that is tried out, for tests that bundle what they start (test/support/bundle.ts). */
const place = mkdtempSync(join(tmpdir(), 'fastagi-mutate-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
let started = 0;

const mutants = paths
  .flatMap(filesBelow)
  .flatMap((file) => evenly(mutationsOf(file, readFileSync(join(root, file), 'utf8')).map((mutation) => ({ file, ...mutation }))));
console.log(`${mutants.length} changes in ${new Set(mutants.map(({ file }) => file)).size} files`);
const survivors = [];
const tried = new Set();
const waiting = [...new Set(mutants.map(({ file }) => file))];
await Promise.all(Array.from({ length: availableParallelism() }, work));
report();

/** Takes files from the line, each with a fresh process for its tests. */
async function work() {
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    const changes = mutants.filter((mutant) => mutant.file === file);
    const left = await tryChanges(file, changes);
    survivors.push(...left);
    console.log(`${file}: ${changes.length - left.length} of ${changes.length} noticed`);
    for (const { line, what } of left) console.log(`not noticed  ${file}:${line}  ${what}`);
  }
}

/** Gives those that no test notices. */
async function tryChanges(file, changes) {
  const text = readFileSync(join(root, file), 'utf8');
  const left = [];
  let runner = await startChecked(file);
  for (const change of changes) {
    const changed = { id: join(root, file), text: text.slice(0, change.start) + change.to + text.slice(change.end) };
    let passed = true;
    for (const tests of testsOf(file)) {
      passed = await runner.run({ ...changed, tests });
      if (!passed) break;
    }
    if (passed) left.push(change);
    // A loop without end is noticed, and costs the process.
    if (passed === undefined) runner = await startChecked(file);
  }
  // A process that no longer runs tests would have noticed everything.
  if (!(await passes(runner, testsOf(file)[0]))) throw new Error(`${file}: its tests pass no more; the changes have left something behind`);
  runner.stop();
  return left;
}

/** Tests that fail by themselves would notice everything, too: the nearest are tried in each process, the others once. */
async function startChecked(file) {
  const runner = await startRunner();
  for (const [index, tests] of testsOf(file).entries()) {
    if (index > 0 && tried.has(String(tests))) continue;
    tried.add(String(tests));
    if (!(await passes(runner, tests))) throw new Error(`${String(tests)} does not pass as it is: npx vitest run ${String(tests)}`);
  }
  return runner;
}

/** Whether tests pass without a change; on a busy machine not always at once. */
async function passes(runner, tests) {
  for (let tries = 1; tries <= 3; tries++) if ((await runner.run({ id: '', text: '', tests })) === true) return true;
  return false;
}

async function startRunner() {
  const child = fork(join(root, 'scripts/mutate-worker.mjs'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
    env: { ...process.env, FASTAGI_CHANGED_FILE: join(place, `${++started}.json`) },
  });
  // With all that it started: vitest has processes of its own.
  const killAll = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  await once(child, 'message');
  const answerTo = (order) =>
    new Promise((resolve) => {
      const timer = setTimeout(killAll, patience);
      const settle = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners('message').removeAllListeners('exit');
        resolve(answer);
      };
      child.once('exit', () => settle(undefined));
      child.once('message', ({ passed }) => settle(passed));
      child.send(order);
    });
  return {
    /** Whether the tests passed; undefined if they did not end. */
    run: async (order) => (child.connected ? answerTo(order) : undefined),
    stop: killAll,
  };
}

/** The nearest first: those of the room that import the module, then all of the room. */
function testsOf(file) {
  const room = `test/${file.split('/')[1]}/`;
  return [importersOf(file, room), [room]].filter((paths) => paths.length > 0);
}

function importersOf(file, room) {
  const imported = `${file.replace(/\.ts$/, '')}'`;
  return readdirSync(join(root, room), { recursive: true })
    .filter((name) => name.endsWith('.test.ts') && readFileSync(join(root, room, name), 'utf8').includes(imported))
    .map((name) => join(room, name));
}

function report() {
  const files = new Map();
  for (const { file } of mutants) files.set(file, { all: 0, left: 0 });
  for (const { file } of mutants) files.get(file).all += 1;
  for (const { file } of survivors) files.get(file).left += 1;
  console.log();
  for (const [folder, { all: count, left }] of byFolder(files))
    console.log(`${String(Math.round((1 - left / count) * 100)).padStart(3)} %  ${folder} (${count - left} of ${count})`);
  console.log(`${Math.round((1 - survivors.length / Math.max(1, mutants.length)) * 100)} % of ${mutants.length} changes were noticed`);
}

function byFolder(files) {
  const folders = new Map();
  for (const [file, { all: count, left }] of files) {
    const folder = dirname(file);
    const sum = folders.get(folder) ?? { all: 0, left: 0 };
    folders.set(folder, { all: sum.all + count, left: sum.left + left });
  }
  return folders;
}

function filesBelow(path) {
  const whole = join(root, path);
  if (statSync(whole).isFile()) return [path];
  return readdirSync(whole, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => relative(root, join(whole, name)));
}

function evenly(found) {
  return found.length <= most ? found : Array.from({ length: most }, (_, index) => found[Math.floor((index * found.length) / most)]);
}

function argumentsOf(words) {
  const at = words.indexOf('--most');
  const named = words.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  return { most: at < 0 ? Infinity : Number(words[at + 1]), paths: named.length > 0 ? named : rooms.map((room) => `src/${room}`) };
}

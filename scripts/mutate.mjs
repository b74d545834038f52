// `npm run mutate [-- PATH... --most N]`: changes src in small ways, one at a time, and names each change that no test notices.
// PATH is a file or folder of src (all rooms whose modules have tests of their own unless given); --most takes so many changes of each file, evenly.
// The tests that count are those of modules: all that import the changed one, and those of its room. 90 of 100 changes should be noticed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { copyProject } from './mutate-calls.mjs';
import { prepare } from './prepare.mjs';
import { root, run } from './run.mjs';

prepare('test');
// Some tests of modules start the program, too.
await run('node', ['scripts/build.mjs']);
// It imports what a fresh clone has only now.
const { mutationsOf } = await import('./mutations.mjs');
const rooms = ['agi', 'call', 'config', 'ground', 'ivr', 'manager', 'script', 'serve', 'spool', 'tape', 'tts'];
const { paths, most } = argumentsOf(process.argv.slice(2));
/** So long the tests of one change may take, in ms: a loop without end is noticed, too. */
const patience = 60_000;
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
let copy;
let callsBefore = Promise.resolve();
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
  const nearestFirst = testsOf(file);
  const left = [];
  let runner = await startChecked(nearestFirst);
  for (const change of changes) {
    const changed = { id: join(root, file), text: text.slice(0, change.start) + change.to + text.slice(change.end) };
    let passed = true;
    for (const tests of nearestFirst) {
      passed = await runner.run({ ...changed, tests });
      if (!passed) break;
    }
    if (passed && (await passesCalls(changed, text))) left.push(change);
    // A loop without end is noticed, and costs the process.
    if (passed === undefined) runner = await startChecked(nearestFirst);
  }
  // A process that no longer runs tests would have noticed everything.
  if (!(await passes(runner, nearestFirst[0]))) throw new Error(`${file}: its tests pass no more; the changes have left something behind`);
  runner.stop();
  return left;
}

/** Asked only for what whole calls alone show; one after the other, as two suites at once disturb each other. */
function passesCalls({ id, text }, original) {
  const file = relative(root, id);
  if (!/^src\/serve\/(?:once|process)\//.test(file)) return true;
  callsBefore = callsBefore.then(async () => {
    copy ??= await checkedCopy();
    return copy.passesWith(file, text, original);
  });
  return callsBefore;
}

async function checkedCopy() {
  const made = copyProject();
  const file = 'src/index.ts';
  const text = readFileSync(join(root, file), 'utf8');
  for (let tries = 1; tries <= 3; tries++) if (await made.passesWith(file, text, text)) return made;
  throw new Error('whole calls do not pass as they are: npx vitest run test/calls test/serve/once');
}

/** Tests that fail by themselves would notice everything, too: the nearest are tried in each process, the others once. */
async function startChecked(nearestFirst) {
  const runner = await startRunner();
  for (const [index, tests] of nearestFirst.entries()) {
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
    env: { ...process.env, FASTAGI_RECONNECTS: '100', FASTAGI_CHANGED_FILE: join(place, `${++started}.json`) },
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

/** The nearest first: those that import the module, then all of its room. */
function testsOf(file) {
  const imported = `${file.replace(/\.ts$/, '')}'`;
  const importers = moduleTests().filter((test) => readFileSync(join(root, test), 'utf8').includes(imported));
  return [importers, [`test/${file.split('/')[1]}/`]].filter((paths) => paths.length > 0);
}

/** Whole calls are not among them: the built program has no part of a change (but see mutate-calls.mjs). */
function moduleTests() {
  return rooms
    .flatMap((room) => readdirSync(join(root, 'test', room), { recursive: true }).map((name) => join('test', room, name)))
    .filter((name) => name.endsWith('.test.ts'));
}

function report() {
  console.log();
  for (const folder of new Set(mutants.map(({ file }) => dirname(file)))) {
    const isIn = ({ file }) => dirname(file) === folder;
    console.log(`${share(mutants.filter(isIn).length, survivors.filter(isIn).length)}  ${folder}`);
  }
  console.log(`${share(mutants.length, survivors.length)} of all changes were noticed`);
}

function share(count, left) {
  return `${String(Math.round((1 - left / Math.max(1, count)) * 100)).padStart(3)} % (${count - left} of ${count})`;
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

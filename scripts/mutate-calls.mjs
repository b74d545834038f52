// For what only a process of its own shows (src/serve/once, src/serve/process): changes are tried with whole calls, in a copy that is built anew each time.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './run.mjs';

const left = ['node_modules', '.git', 'dist'];
/** So long the tests of one change may take, in ms: a call that never ends is noticed, too. */
const patience = 240_000;

/** A copy of the project, which every user may enter, as calls of other users run in it. */
export function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'fastagi-mutate-calls-'));
  chmodSync(copy, 0o755);
  cpSync(root, copy, { recursive: true, filter: (path) => !left.includes(relative(root, path).split('/')[0]) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  return {
    /** Whether whole calls pass with this text in place of the file's. */
    async passesWith(file, text, original) {
      writeFileSync(join(copy, file), text);
      try {
        return (
          (await run(copy, 'node', ['scripts/build.mjs'])) &&
          (await run(copy, 'node_modules/.bin/vitest', ['run', '--bail=1', 'test/calls', 'test/serve/once']))
        );
      } finally {
        writeFileSync(join(copy, file), original);
        killAllOf(copy);
      }
    },
  };
}

/** A change may have made programs that never end, and what they started. */
function killAllOf(copy) {
  const { stdout } = spawnSync('pgrep', ['-f', copy], { encoding: 'utf8' });
  for (const pid of stdout.split('\n').filter((line) => line !== '')) {
    spawnSync('pkill', ['-KILL', '-P', pid]);
    spawnSync('kill', ['-KILL', pid]);
  }
}

function run(cwd, command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), patience);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

// Keeps what V8 makes of the program, for this Node: makes a call, and stores the code that the call used. Run when the
// package is installed and when it is built. Without it calls are served as well, but each begins some ms later.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin/fastagi');

/** V8 takes its cache only under the flags with which it was made: those of the service file, and what it may add. */
const flags = [[], ['--no-rehash-snapshot']];

/** Commands of every kind, as scripts use them; the first one is what a caller waits for. */
const script = `module.exports = async (agi) => {
  await agi.verbose('called');
  await agi.setVariable('test', '1111');
  await agi.getVariable('test');
  await agi.streamFile('beep', '#');
};
`;
const environment = [
  'network: yes',
  'network_script: warm.cjs',
  'channel: Local/warm',
  'version: 22.0.0',
  'callerid: 100',
  'enhanced: 0.0',
];

async function makeCaches() {
  if (!existsSync(join(root, 'dist/call.js'))) return;
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-start-'));
  try {
    chmodSync(dir, 0o755);
    const config = prepareCall(dir);
    for (const [index, argv] of flags.entries()) {
      const made = join(root, `dist/.start-${process.pid}-${index}`);
      try {
        await call(join(dir, `socket${index}`), argv, config, made);
        // An empty one would be worse than none.
        if (statSync(made).size === 0) throw new Error('the call left nothing to keep');
        renameSync(made, join(root, `dist/start-${process.version}-${process.arch}${argv.join('')}.cache`));
      } finally {
        rmSync(made, { force: true });
      }
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function prepareCall(dir) {
  const basedir = join(dir, 'agi-bin');
  mkdirSync(basedir);
  writeFileSync(join(basedir, 'warm.cjs'), script);
  // The change of identity belongs to a call.
  if (process.getuid() === 0) chownSync(join(basedir, 'warm.cjs'), 65_534, 65_534);
  const config = join(dir, 'phpagi.conf');
  writeFileSync(config, `[phpagi]\ndebug = false\n[fastagi]\nbasedir = ${basedir}\nlog = ${join(dir, 'log')}\n`);
  return config;
}

/** One call over a socket, wired as xinetd wires it. */
async function call(path, argv, config, cache) {
  const server = createServer({ pauseOnConnect: true });
  await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
  const accepted = new Promise((resolve) => server.once('connection', resolve));
  const asterisk = connect(path);
  asterisk.on('error', () => undefined);
  const socket = await accepted;
  try {
    asterisk.write(environment.map((line) => `agi_${line}\n`).join('') + '\n');
    asterisk.on('data', (bytes) => asterisk.write(answers(String(bytes))));
    const child = spawn(process.execPath, [...argv, '--require', join(root, 'scripts/start-cache-hook.cjs'), program, '--config', config], {
      stdio: [socket, socket, socket],
      env: { PATH: process.env.PATH, REMOTE_HOST: '127.0.0.1', FASTAGI_START_CACHE: cache },
      timeout: 20_000,
    });
    const ended = new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
    socket.destroy();
    const status = await ended;
    if (status !== 0) throw new Error(`the call ended with status ${status}`);
  } finally {
    socket.destroy();
    asterisk.destroy();
    server.close();
  }
}

function answers(commands) {
  return commands
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => /^GET FULL VARIABLE "\$\{test\}(.*)"$/.exec(line)?.[1])
    .map((fence) => (fence === undefined ? '200 result=0\n' : `200 result=1 (1111${fence})\n`))
    .join('');
}

try {
  await makeCaches();
} catch (error) {
  // Never a reason to fail an installation.
  console.error(
    `fastagi: the start of calls could not be prepared (${error.message}); they begin some ms later. "fastagi check" tells more.`,
  );
}

// `npm run demo`: a call to examples/test-agi.js through the program that xinetd starts, and what Asterisk would see.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, untilListening } from './ports.mjs';
import { prepare } from './prepare.mjs';
import { root, run } from './run.mjs';

prepare();
await run('node', ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });

const dir = mkdtempSync(join(tmpdir(), 'fastagi-demo-'));
let xinetd;
try {
  process.exitCode = (await demo()) ? 0 : 1;
} finally {
  await end(xinetd);
  rmSync(dir, { recursive: true, force: true });
}

async function demo() {
  chmodSync(dir, 0o755);
  const basedir = join(dir, 'agi-bin');
  mkdirSync(basedir);
  copyFileSync(join(root, 'examples/test-agi.js'), join(basedir, 'test-agi.js'));
  writeFileSync(join(basedir, 'package.json'), '{ "type": "module" }\n');
  const config = join(dir, 'phpagi.conf');
  writeFileSync(config, `[fastagi]\nbasedir = ${basedir}\nlog = ${join(dir, 'log')}\n`);
  const { port, by } = await listen(config);
  console.log(`A call to agi://127.0.0.1:${port}/test-agi.js, for which ${by} starts bin/fastagi.\n`);
  return play(port);
}

/** Real xinetd where it is installed; else what it does: the connection on descriptors 0, 1 and 2. */
async function listen(config) {
  const program = join(root, 'bin/fastagi');
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  if (spawnSync('sh', ['-c', 'command -v xinetd'], { env: { PATH: path } }).status !== 0) {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      spawn(program, ['--config', config], { stdio: [socket, socket, socket] });
      socket.destroy();
      server.close();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: server.address().port, by: 'this demo (xinetd is not installed)' };
  }
  const port = await freePort();
  const user = process.getuid() === 0 ? 'root' : spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim();
  const file = join(dir, 'xinetd.conf');
  writeFileSync(
    file,
    `service fastagi\n{\ntype = UNLISTED\nport = ${port}\nbind = 127.0.0.1\nsocket_type = stream\nprotocol = tcp\nwait = no\nuser = ${user}\n` +
      `server = ${program}\nserver_args = --config ${config}\npassenv = PATH\n}\n`,
  );
  xinetd = spawn('xinetd', ['-f', file, '-dontfork', '-pidfile', join(dir, 'pid')], { stdio: 'ignore', env: { PATH: path } });
  await untilListening(port, '127.0.0.1', xinetd);
  return { port, by: 'xinetd' };
}

/** Calls it by the telephone of the program, which plays Asterisk's side and shows what goes over the wire; tells whether the call went as it should. */
async function play(port) {
  const target = `agi://127.0.0.1:${port}/test-agi.js`;
  const args = ['call', target, '--callerid', '"Alice" <100>', '--expect', 'test=1111', '--expect', 'FASTAGISTATUS=SUCCESS'];
  const phone = spawn(join(root, 'bin/fastagi'), args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const timer = setTimeout(() => phone.kill(), 20_000);
  const status = await new Promise((resolve) => phone.once('exit', resolve));
  clearTimeout(timer);
  if (status !== 0) console.error('The call did not go as it should.');
  return status === 0;
}

async function end(child) {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

// `npm run demo`: a call to examples/test-agi.js through the program that xinetd starts, and what Asterisk would see.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  await untilOpen(port);
  return { port, by: 'xinetd' };
}

/** Plays Asterisk's side, and tells whether the call went as it should. */
function play(port) {
  const environment = {
    agi_network: 'yes',
    agi_network_script: 'test-agi.js',
    agi_request: `agi://127.0.0.1:${port}/test-agi.js`,
    agi_channel: 'PJSIP/100-00000001',
    agi_language: 'en',
    agi_type: 'PJSIP',
    agi_uniqueid: '1700000000.1',
    agi_version: '22.10.1',
    agi_callerid: '100',
    agi_calleridname: 'Alice',
    agi_context: 'default',
    agi_extension: '123',
    agi_priority: '1',
    agi_enhanced: '0.0',
    agi_accountcode: '',
    agi_threadid: '140000000000000',
  };
  const variables = {};
  const console_ = [];
  const socket = connect(port, '127.0.0.1');
  const print = (left, arrow, right) => console.log(`  ${left.padEnd(32)} ${arrow} ${right}`);
  print('Asterisk', '   ', 'fastagi');
  for (const [name, value] of Object.entries(environment)) {
    print(`${name}: ${value}`, '-->', '');
    socket.write(`${name}: ${value}\n`);
  }
  print('(an empty line)', '-->', '');
  socket.write('\n');
  let partial = '';
  socket.on('data', (data) => {
    const lines = (partial + data).split('\n');
    partial = lines.pop();
    for (const line of lines) {
      print('', '<--', line);
      const [, message] = /^VERBOSE "(.*)" \d$/.exec(line) ?? [];
      const [, name, value] = /^SET VARIABLE "(.*)" "(.*)"$/.exec(line) ?? [];
      if (message !== undefined) console_.push(message);
      if (name !== undefined) variables[name] = value;
      const reply = message === undefined && name === undefined ? '510 Invalid or unknown command' : '200 result=1';
      print(reply, '-->', '');
      socket.write(`${reply}\n`);
    }
  });
  return new Promise((resolve) => {
    socket.setTimeout(20_000, () => socket.destroy(new Error('the call did not end')));
    socket.on('error', (error) => console.error(`The call failed: ${error.message}`));
    socket.on('close', () => {
      print('', '<--', '(the connection is closed)');
      console.log('\nOn the console of Asterisk:');
      for (const line of console_) console.log(`  test-agi.js: ${line}`);
      console.log('\nIn the dialplan:');
      for (const [name, value] of Object.entries(variables)) console.log(`  ${name}=${value}`);
      resolve(
        console_[0] === 'cool, the FastAGI server has been called!' && variables.test === '1111' && variables.FASTAGISTATUS === 'SUCCESS',
      );
    });
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port) {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('xinetd does not listen');
}

async function end(child) {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

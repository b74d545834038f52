import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FastagiError } from '../ground/errors';
import { putWhole } from './whole-file';
import { connectCall } from '../testing/asterisk/connect-call';

/** V8 takes its code only under the flags with which it was made: those of the service file, and what it may add. */
const flags = [[], ['--no-rehash-snapshot']];

/** Commands of every kind, as scripts use them; the first one is what a caller waits for. */
const script = `module.exports = async (agi) => {
  await agi.verbose('called');
  await agi.setVariable('test', '1111');
  await agi.getVariable('test');
  await agi.answer();
  await agi.streamFile('beep', '#');
  await agi.exec('NoOp');
};
`;

/** So long the call may take, in ms. */
const patience = 20_000;

/** `fastagi prepare`: makes a call, and keeps what V8 made of the program for it. Gives the files that it wrote. */
export async function prepareStart(): Promise<string[]> {
  const program = realpathSync(process.argv[1] as string);
  const dist = join(dirname(dirname(program)), 'dist');
  // Nobody else can enter it.
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-prepare-'));
  try {
    const config = prepareCall(dir);
    const kept: string[] = [];
    for (const [index, argv] of flags.entries()) {
      const made = join(dir, `code${index}`);
      mkdirSync(made);
      const words = [...argv, '--require', join(dirname(program), 'keep-start.cjs'), program];
      await call(join(dir, `socket${index}`), words, config, made);
      for (const name of readdirSync(made)) {
        const target = join(dist, `start-${name}-${process.version}-${process.arch}${argv.join('')}.cache`);
        const [text, code] = [readFileSync(join(dist, `${name}.js`)), readFileSync(join(made, name))];
        // As bin/fastagi reads it: V8's code, the program it was made from, the code again.
        const write = (beside: string): void => writeFileSync(beside, Buffer.concat([code, text, code]), { flag: 'wx', mode: 0o644 });
        putWhole(target, write, 'fastagi prepare');
        kept.push(target);
      }
    }
    return kept;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function prepareCall(dir: string): string {
  writeFileSync(join(dir, 'warm.cjs'), script);
  const config = join(dir, 'phpagi.conf');
  writeFileSync(config, `[phpagi]\ndebug = false\n[fastagi]\nsetuid = false\nbasedir = ${dir}\nlog = ${join(dir, 'log')}\n`);
  return config;
}

/** One call over a socket, wired as xinetd wires it. */
async function call(path: string, argv: readonly string[], config: string, made: string): Promise<void> {
  const server = createServer({ pauseOnConnect: true }).listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const asterisk = connect(path);
  const [socket] = (await accepted) as [Socket];
  try {
    connectCall(asterisk, { script: 'warm.cjs', values: { channel: 'Local/warm', callerid: '100' } }, { sounds: { beep: 0 } });
    const child = spawn(process.execPath, [...argv, '--config', config], {
      stdio: [socket, socket, socket],
      env: { PATH: process.env['PATH'], REMOTE_HOST: '127.0.0.1', FASTAGI_KEEP_START: made },
      timeout: patience,
    });
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    socket.destroy();
    const [status, signal] = await ended;
    if (status === 0) return;
    const log = existsSync(`${dirname(config)}/log`) ? readFileSync(`${dirname(config)}/log`, 'utf8').trim() : '';
    throw new FastagiError(
      'FASTAGI_PREPARE',
      `the start could not be prepared, and calls begin some ms later: the call made for it ended with ${signal ?? `status ${status}`} ${log}`.trim(),
    );
  } finally {
    socket.destroy();
    asterisk.destroy();
    server.close();
  }
}

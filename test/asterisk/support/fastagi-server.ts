import { chownSync, chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { program, runtime } from '../../support/super-server';
import { project } from './asterisk';
import { type LogView, logSinceNow } from './log-file';
import { startPrivately } from './private-process';
import { createRunDirectory } from './run-directory';
import { useScript, type Use } from './scripts';
import { until } from './waiting';
import { freePort, untilListening } from '../../../scripts/ports.mjs';

/** Our program under a real xinetd, as an administrator sets it up. */
export interface FastagiServer {
  readonly port: number;
  readonly basedir: string;
  /** A directory in which scripts of any owner may leave results. */
  readonly out: string;
  /** The program's log from now on. */
  log(): LogView;
  /** Writes a script below basedir: an ordinary user's unless an owner is named. */
  script(name: string, source: string, owner?: number): void;
  /** Copies a script of test/asterisk/scripts below basedir. */
  use(file: string, how?: Use): void;
  /** The JSON that a script left in `out`, as soon as it is there. */
  result(name: string): Promise<unknown>;
}

export interface ServerSettings {
  /** Further lines of the section [fastagi]. */
  fastagi?: string;
  /** Further sections. */
  sections?: string;
  /** Whether workers serve the calls, as whom scripts belong to, rather than a process for each. */
  workers?: true;
}

/** xinetd with one service: the built program, on a port of its own. */
async function startServer(settings: ServerSettings): Promise<FastagiServer & { stop(): Promise<void> }> {
  const runDirectory = createRunDirectory('xinetd');
  const directory = runDirectory.path;
  const basedir = join(directory, 'agi-bin');
  const out = join(directory, 'out');
  mkdirSync(join(basedir, 'node_modules'), { recursive: true });
  symlinkSync(project, join(basedir, 'node_modules/fastagi'));
  writeFileSync(join(basedir, 'package.json'), '{ "type": "module" }\n');
  mkdirSync(out);
  chmodSync(out, 0o1777);
  mkdirSync(join(directory, 'tmp'));
  chmodSync(join(directory, 'tmp'), 0o1777);

  const port = await freePort();
  writeFileSync(
    join(directory, 'phpagi.conf'),
    `[phpagi]\ntempdir = ${directory}/tmp\n[fastagi]\nleast_uid = 1\nbasedir = ${basedir}\nlog = ${directory}/fastagi.log\n${settings.workers ? `user = daemon\nstatus_socket = ${out}/status.sock\n` : ''}${settings.fastagi ?? ''}\n${settings.sections ?? ''}\n`,
  );
  writeFileSync(
    join(directory, 'xinetd.conf'),
    `defaults
{
  log_type = FILE ${directory}/xinetd.log
}
service fastagi
{
  type = UNLISTED
  socket_type = stream
  protocol = tcp
  wait = ${settings.workers ? 'yes' : 'no'}
  bind = 127.0.0.1
  port = ${String(port)}
  user = root
  server = ${runtime}
  server_args = ${program} ${settings.workers ? 'listen ' : ''}--config ${directory}/phpagi.conf
  passenv = PATH
  cps = 1000 1
  instances = 100
}
`,
  );
  const files = ['-f', `${directory}/xinetd.conf`, '-pidfile', `${directory}/xinetd.pid`];
  const child = startPrivately(['xinetd', '-dontfork', ...files], `${directory}/output`);
  const stop = async () => {
    await child.stop();
    runDirectory.remove();
  };
  try {
    await untilListening(port);
  } catch (cause) {
    const output = readFileSync(`${directory}/output`, 'utf8');
    await stop();
    throw new Error(`xinetd does not listen: ${output}`, { cause });
  }
  return {
    port,
    basedir,
    out,
    log: () => logSinceNow(`${directory}/fastagi.log`),
    script(name, source, owner = 1) {
      const file = join(basedir, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, source);
      chownSync(file, owner, owner);
      chmodSync(file, 0o644);
    },
    use: (file, how) => useScript(basedir, file, how),
    result: (name) =>
      until(
        `${name} to be written`,
        () => {
          const file = join(out, name);
          // Scripts write it whole: a rename within the directory.
          return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
        },
        30,
      ),
    stop,
  };
}

/** One server for the tests of a `describe`. */
export function useServer(settings: ServerSettings = {}): FastagiServer {
  let current: (FastagiServer & { stop(): Promise<void> }) | undefined;
  const get = () => {
    if (current === undefined) throw new Error('the server runs only within the tests');
    return current;
  };
  beforeAll(async () => {
    if (!existsSync(`${project}/dist/call.js`)) throw new Error('dist/ is not built: npm run build');
    current = await startServer(settings);
  }, 60_000);
  afterAll(async () => {
    await current?.stop();
  }, 30_000);
  return {
    get port() {
      return get().port;
    },
    get basedir() {
      return get().basedir;
    },
    get out() {
      return get().out;
    },
    log: () => get().log(),
    script: (name, source, owner) => {
      get().script(name, source, owner);
    },
    use: (file, how) => get().use(file, how),
    result: (name) => get().result(name),
  };
}

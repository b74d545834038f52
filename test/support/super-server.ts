import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, untilListening } from '../../scripts/ports.mjs';
import { copyScript } from './copy-script';

export const project = fileURLToPath(new URL('../..', import.meta.url));
/** Whether Bun runs the program: FASTAGI_TEST_RUNTIME=bun. */
export const isBun = process.env['FASTAGI_TEST_RUNTIME'] === 'bun';
/** The program as Node runs it. */
export const nodeProgram = join(project, 'bin/fastagi');
/** The program: `program WORDS`, or `runtime program WORDS`. */
export const program = isBun ? join(project, 'dist/fastagi-bun') : nodeProgram;
export const runtime = isBun ? '/usr/bin/env' : process.execPath;
/** The file that the kernel runs, and what it is told before the program's own words. */
export const [executable, before]: [string, string[]] = isBun ? [program, []] : [process.execPath, [program]];

/** A directory of the test's own that every user may enter. */
export interface Place {
  readonly dir: string;
  readonly basedir: string;
  /** In which scripts of any owner may leave files. */
  readonly out: string;
  readonly log: () => string;
  readonly config: string;
  /** Writes a script, as root of `scriptOwner`; gives its path. */
  script(name: string, text: string): string;
  /** Copies a script of test/calls/scripts, whose file is `suite/name`, below basedir, likewise; a program stays one. @param name there, unless it is the file's */
  use(file: string, name?: string): string;
  remove(): void;
}

/** An account that every Debian has, for scripts that are to run as somebody. */
export const scriptOwner = 1;

export function makePlace(settings = ''): Place {
  const dir = mkdtempSync('/tmp/fastagi-test-');
  chmodSync(dir, 0o755);
  const basedir = join(dir, 'agi-bin');
  mkdirSync(basedir, { mode: 0o755 });
  const out = join(dir, 'out');
  mkdirSync(out);
  chmodSync(out, 0o1777);
  const config = join(dir, 'phpagi.conf');
  const log = join(dir, 'log');
  writeFileSync(config, `[fastagi]\nleast_uid = 1\nbasedir = ${basedir}\nlog = ${log}\nlog_calls = false\n${settings}\n`);
  const script = (name: string, text: string): string => {
    const path = join(basedir, name);
    writeFileSync(path, text, { mode: 0o644 });
    chmodSync(path, 0o644);
    if (process.getuid?.() === 0) chownSync(path, scriptOwner, scriptOwner);
    return path;
  };
  return {
    dir,
    basedir,
    out,
    config,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    script,
    use(file, name = file.slice(file.indexOf('/') + 1)) {
      const path = join(basedir, name);
      copyScript(join(project, 'test/calls/scripts', file), path, scriptOwner);
      return path;
    },
    remove: () => removeAll(dir),
  };
}

/** Though a call that has ended may still make its last file there: `maxRetries` of rmSync would not look for new ones. */
export function removeAll(dir: string): void {
  for (let tries = 1; ; tries++) {
    try {
      return rmSync(dir, { recursive: true, force: true });
    } catch (error) {
      if (tries === 40) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

export interface SuperServer {
  readonly port: number;
  readonly host: string;
  /** What the super-server itself printed or logged. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the real xinetd with a configuration of its own. @param user whom the program is started as @param before what stands before its options @param path for the program */
export async function startXinetd(
  place: Place,
  { host = '127.0.0.1', user = 'root', args = '', server = program, before = '', path = process.env['PATH'] } = {},
): Promise<SuperServer> {
  const port = await freePort(host);
  const file = join(place.dir, 'xinetd.conf');
  const xlog = join(place.dir, 'xinetd.log');
  const ipv6 = host.includes(':') ? '\n  flags = IPv6' : '';
  writeFileSync(
    file,
    `service fastagi
{
  type = UNLISTED
  port = ${port}
  bind = ${host}${ipv6}
  socket_type = stream
  protocol = tcp
  wait = no
  user = ${user}
  server = ${server}
  server_args = ${before} --config ${place.config} ${args}
  cps = 10000 1
  instances = UNLIMITED
  passenv = PATH
  log_type = FILE ${xlog}
  log_on_success = PID HOST EXIT DURATION
}
`,
  );
  const child = spawn('xinetd', ['-f', file, '-dontfork', '-pidfile', join(place.dir, 'xinetd.pid')], {
    stdio: 'ignore',
    env: { PATH: `${path}:/usr/sbin:/sbin` },
  });
  await untilListening(port, host, child);
  return { port, host, output: () => (existsSync(xlog) ? readFileSync(xlog, 'utf8') : ''), stop: () => stopProcess(child) };
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

/** Waits until something holds. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited in vain for ${what}`);
}

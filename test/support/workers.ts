import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/ports.mjs';
import { inetd } from './other-super-servers';
import { childrenOf, isRunning } from './processes';
import { makePlace, program, runtime, stopProcess, until, type Place, type SuperServer } from './super-server';

/** `fastagi listen`, started by hand. */
export interface Listening extends SuperServer {
  readonly child: ChildProcess;
  /** The processes that serve calls. */
  workers(): number[];
}

export interface ListenOptions {
  readonly host?: string;
  readonly args?: readonly string[];
  readonly node?: string;
  /** What stands before the word `listen`; the program unless given. */
  readonly before?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A place whose scripts belong to the user that the workers run as. */
export function makeWorkersPlace(settings = '', user = 'daemon'): Place {
  const place = makePlace(process.getuid?.() === 0 ? `user = ${user}\n${settings}` : settings);
  appendFileSync(place.config, `status_socket = ${join(place.out, 'status.sock')}\n`);
  return place;
}

/** Starts it on a socket of its own, and waits until it is ready. */
export async function startListen(
  place: Place,
  { host = '127.0.0.1', args = [], node = runtime, before = [program], env = {} }: ListenOptions = {},
): Promise<Listening> {
  const port = await freePort(host);
  const child = spawn(node, [...before, 'listen', '--config', place.config, '--host', host, '--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return untilReady(place, child, port, host).catch(async (error: unknown) => {
    await stopWithChildren(child);
    throw error;
  });
}

/** Starts the real xinetd with `wait = yes`. @param before what stands before the program's name, if `server` runs it */
export async function startXinetdWaiting(
  place: Place,
  { server = program, before = '' }: { readonly server?: string; readonly before?: string } = {},
): Promise<SuperServer> {
  const port = await freePort();
  const file = join(place.dir, 'xinetd.conf');
  writeFileSync(
    file,
    `service fastagi
{
  type = UNLISTED
  port = ${port}
  bind = 127.0.0.1
  socket_type = stream
  protocol = tcp
  wait = yes
  user = root
  server = ${server}
  server_args = ${before} listen --config ${place.config}
  passenv = PATH
}
`,
  );
  const child = spawn('xinetd', ['-f', file, '-dontfork', '-pidfile', join(place.dir, 'xinetd.pid')], {
    stdio: 'ignore',
    env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  });
  await untilListens(port);
  return { port, host: '127.0.0.1', output: () => '', stop: () => stopWithChildren(child) };
}

/** Starts the real inetd with `wait`. */
export async function startInetdWaiting(place: Place): Promise<SuperServer> {
  const port = await freePort();
  const file = join(place.dir, 'inetd.conf');
  writeFileSync(file, `127.0.0.1:${port} stream tcp wait root ${program} fastagi listen --config ${place.config}\n`);
  const child = spawn(inetd ?? '', ['-i', file], { stdio: 'ignore' });
  await untilListens(port);
  return { port, host: '127.0.0.1', output: () => '', stop: () => stopWithChildren(child) };
}

/** Starts it as a systemd socket unit with Accept=no would. */
export async function startSystemdWaiting(place: Place, hosts: readonly string[] = ['127.0.0.1']): Promise<SuperServer> {
  const port = await freePort();
  const addresses = hosts.flatMap((host) => ['--listen', host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`]);
  const child = spawn('systemd-socket-activate', [...addresses, program, 'listen', '--config', place.config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  let output = '';
  child.stderr.on('data', (data) => (output += String(data)));
  await untilListens(port);
  return { port, host: '127.0.0.1', output: () => output, stop: () => stopWithChildren(child) };
}

/** Nobody may connect to look: the first connection has the program started. */
export function untilListens(port: number): Promise<unknown> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'];
  return until('the super-server to listen', () =>
    tables.some((table) =>
      readFileSync(table, 'latin1')
        .split('\n')
        .some((line) => line.includes(`:${hex} `) && / 0A /.test(line)),
    ),
  );
}

async function untilReady(place: Place, child: ChildProcess, port: number, host: string): Promise<Listening> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
  // Its own line: a service before may have written to the same log.
  const isReady = (): boolean =>
    [child.pid, ...childrenOf(child.pid ?? 0)].some((pid) => `${place.log()}\n${output}`.includes(`fastagi[${pid}] ready\n`));
  await until('the workers', () => isReady() || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(`listen ended with ${child.exitCode}: ${output}${place.log()}`);
  return { port, host, child, output: () => output, workers: () => childrenOf(child.pid ?? 0), stop: () => stopWithChildren(child) };
}

export async function stopWithChildren(child: ChildProcess): Promise<void> {
  const below = (pid: number): number[] => childrenOf(pid).flatMap((one) => [one, ...below(one)]);
  const all = below(child.pid ?? 0);
  await stopProcess(child);
  for (const pid of all) tryKill(pid, 'SIGTERM');
  await until('all processes to end', () => !all.some(isRunning)).catch(() => {
    for (const pid of all) tryKill(pid, 'SIGKILL');
  });
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

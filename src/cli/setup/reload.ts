import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Plan, SuperServer } from './plan';

/** A command that makes a super-server read its files, and what it came to. */
export interface Reload {
  readonly command: string;
  /** Why it failed; undefined if it did not. */
  readonly problem: string | undefined;
}

/** Runs commands up to the first that fails. */
export function runAll(commands: readonly string[]): Reload[] {
  const done: Reload[] = [];
  for (const command of commands) {
    const { status, stderr, error } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 30_000 });
    const problem = status === 0 ? undefined : (error?.message ?? (stderr.trim() || `status ${status}`));
    done.push({ command, problem });
    if (problem !== undefined) break;
  }
  return done;
}

export function reloadLine({ command, problem }: Reload): string {
  return problem === undefined ? command : `${command}: ${problem}`;
}

/** Before the files are taken away: systemd would go on with what it has begun. */
export function stopCommands(superServer: SuperServer): string[] {
  return superServer === 'systemd' && hasSystemd() ? socketsThere().map((name) => `systemctl disable --now ${name}`) : [];
}

/** After the files were taken away. */
export function forgetCommands(superServer: SuperServer): string[] {
  if (superServer === 'systemd') return hasSystemd() ? ['systemctl daemon-reload'] : [];
  const pid = pidOf(programsOf(superServer));
  return pid === undefined ? [] : [`kill -HUP ${pid}`];
}

/** Has the super-server read its files; one that does not run is started. Of systemd's two forms, which have the same port, the other one is stopped. */
export function reloadCommands({ superServer, isForWorkers }: Pick<Plan, 'superServer' | 'isForWorkers'>): string[] {
  if (superServer === 'systemd') {
    const wanted = sockets[isForWorkers ? 1 : 0];
    const others = socketsThere().filter((name) => name !== wanted);
    const stops = others.map((name) => `systemctl disable --now ${name}`);
    return hasSystemd() ? ['systemctl daemon-reload', ...stops, `systemctl enable --now ${wanted}`] : [];
  }
  const pid = pidOf(programsOf(superServer));
  const unit = superServer === 'inetd' && existsSync('/usr/lib/systemd/system/inetutils-inetd.service') ? 'inetutils-inetd' : superServer;
  if (pid !== undefined) return [`kill -HUP ${pid}`];
  if (hasSystemd()) return [`systemctl enable --now ${unit}`];
  return existsSync(`/etc/init.d/${unit}`) ? [`/etc/init.d/${unit} start`] : [`/usr/sbin/${superServer}`];
}

/** One call a process, and workers. */
const sockets = ['fastagi.socket', 'fastagi-workers.socket'] as const;

function socketsThere(): string[] {
  return sockets.filter((name) => existsSync(`/etc/systemd/system/${name}`));
}

function programsOf(superServer: SuperServer): string[] {
  return superServer === 'inetd' ? ['inetd', 'inetutils-inetd'] : [superServer];
}

/** Whether systemd runs this machine. */
function hasSystemd(): boolean {
  return existsSync('/run/systemd/system');
}

/** The process of a program; the oldest, as it may have children of its own name. */
function pidOf(names: readonly string[]): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((one, other) => one - other)
    .find((pid) => names.includes(commOf(pid)));
}

/** None for one that has ended, and that nobody has taken note of. */
function commOf(pid: number): string {
  try {
    const isOver = /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return isOver ? '' : readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

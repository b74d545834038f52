import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chooseIdentity, refusesToChangeUsers, type Identity } from '../../serve/process/identity';
import { locateScript, type LocatedScript } from '../../script/locate';
import { beginningProblem, interpreterProblem } from '../../script/program';
import { requestPath } from '../../script/request-path';
import { setprivCommand } from '../../serve/process/setpriv';
import { exitStatusOfError, type ExitStatus } from '../../ground/exit-status';
import type { Settings } from '../../config/settings';
import { accountNamed } from '../../ground/accounts';
import { ScriptError } from '../../ground/errors';
import { ownCommand } from '../../ground/own-command';

/** A module that has not loaded after so many ms never will. */
const longestLoad = 10_000;
/** So that one which hangs does not hold up the others. */
const atOnce = 4;

export interface ScriptCheck {
  readonly name: string;
  /** Whom it would run as. */
  readonly runsAs: string;
  /** That user's id; none for what cannot be served. */
  readonly uid?: number;
  /** Whether it is a program in another language, which is not tried. */
  readonly isProgram: boolean;
  readonly notes: readonly string[];
  /** Why it cannot be served. */
  readonly problem: string | undefined;
  /** 0, 100 where the script is at fault, 111 where the system is. */
  readonly status: ExitStatus;
}

/** What the child that loads a script answers. */
export type LoadAnswer = Pick<ScriptCheck, 'problem' | 'status'>;

/** Looks at scripts as a call would, but for running them. Gives the results in the order of the names. */
export async function checkScripts(
  names: readonly string[],
  settings: Settings['fastagi'],
  master: 'root' | number,
): Promise<ScriptCheck[]> {
  const checked: ScriptCheck[] = [];
  const waiting = names.entries();
  const work = async (): Promise<void> => {
    for (const [at, name] of waiting) checked[at] = await checkScript(name, settings, master);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return checked;
}

async function checkScript(name: string, settings: Settings['fastagi'], master: 'root' | number): Promise<ScriptCheck> {
  const { basedir, foreign } = settings;
  try {
    const script = locateScript(requestPath(name.split('/').map(encodeURIComponent).join('/')), basedir);
    const identity = chooseIdentity(script, settings, master);
    const notes = identity?.reason === undefined ? [] : [identity.reason];
    const refused = workersRefusal(script, settings);
    if (refused !== undefined) notes.push(refused);
    const line = script.isProgram ? undefined : interpreterProblem(script.path);
    if (line) notes.push(`Asterisk cannot start it by itself: ${line.why}; ${line.remedy}`);
    const facts = { name, runsAs: runsAs(identity), uid: identity?.uid ?? process.geteuid?.() ?? 0, isProgram: script.isProgram, notes };
    if (!script.isProgram) return { ...facts, ...(await load(name, basedir, identity)) };
    if (!foreign) return { ...facts, problem: 'it is no JavaScript, and [fastagi] foreign is false', status: 0 };
    const found = beginningProblem(script.path);
    return { ...facts, problem: found && `it cannot be started: ${found.why}; ${found.remedy}`, status: found ? 100 : 0 };
  } catch (error) {
    return { name, runsAs: '-', isProgram: false, notes: [], ...problemOf(error) };
  }
}

/** Why workers would not run a script, if there are some: they run as one user. */
function workersRefusal({ path, uid }: LocatedScript, { user, setuid }: Settings['fastagi']): string | undefined {
  const account = user === undefined ? undefined : accountNamed(user);
  if (!account || !setuid || account.uid === uid) return undefined;
  return `workers (fastagi listen), which run as ${account.name}, refuse it, as it belongs to user ${uid}: chown ${account.name} ${path}`;
}

/** How an error is told: what a script is refused for is the operator's to mend. */
export function problemOf(error: unknown): LoadAnswer {
  const problem = error instanceof Error ? error.message : String(error);
  return { problem, status: error instanceof ScriptError ? 100 : exitStatusOfError(error) };
}

function runsAs(identity: Pick<LocatedScript, 'uid' | 'gid'> | undefined): string {
  const uid = identity?.uid ?? process.geteuid?.() ?? 0;
  const gid = identity?.gid ?? process.getegid?.() ?? 0;
  return `${nameOf('/etc/passwd', uid) ?? uid}:${nameOf('/etc/group', gid) ?? gid}`;
}

function nameOf(file: string, id: number): string | undefined {
  const lines = readFileSync(file, 'latin1')
    .split('\n')
    .map((line) => line.split(':'));
  return lines.find(([, , number]) => number === String(id))?.[0];
}

/** In a process of its own, since loading runs what stands at the module's top. */
function load(name: string, basedir: string, identity: Identity | undefined): Promise<LoadAnswer> {
  // As a call does it where Node itself refuses.
  const setpriv = identity && refusesToChangeUsers() ? setprivCommand(identity) : [];
  const [program = '', ...own] = [...setpriv, ...ownCommand()];
  return new Promise((resolve) => {
    // A name may begin as an option does.
    const args = ['load-check', `./${name}`, ...(identity ? [JSON.stringify(identity)] : []), `--basedir=${basedir}`];
    const child = spawn(program, [...own, ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Neither the terminal nor the environment of whoever checks is for the scripts' owners.
      detached: true,
      env: { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', LANG: process.env['LANG'] ?? 'C.UTF-8' },
      timeout: longestLoad,
      killSignal: 'SIGKILL',
    });
    let answer: LoadAnswer | undefined;
    child.on('message', (message) => (answer = message as LoadAnswer));
    child.on('error', (error) => resolve({ problem: `it could not be tried: ${error.message}`, status: 111 }));
    child.on('close', (code, signal) => resolve(answer ?? { problem: silentEnd(code, signal, child.killed), status: 100 }));
  });
}

/** Why a child gave no answer. */
function silentEnd(code: number | null, signal: string | null, timedOut: boolean): string {
  if (timedOut) return `loading did not end within ${longestLoad / 1000} s; do the work inside the exported function`;
  return `it ends the process while it is loaded (${signal ?? `status ${code}`}); do the work inside the exported function`;
}

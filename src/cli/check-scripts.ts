import { fork } from 'node:child_process';
import { userInfo } from 'node:os';
import { readFileSync } from 'node:fs';
import { chooseIdentity } from '../script/identity';
import { locateScript, type LocatedScript } from '../script/locate';

/** A module that has not loaded after so many ms never will. */
const longestLoad = 10_000;

export interface ScriptCheck {
  readonly name: string;
  /** Whom it would run as. */
  readonly runsAs: string;
  readonly notes: readonly string[];
  /** Why it cannot be served. */
  readonly problem: string | undefined;
}

/** Looks at one script as a call would, but for running it. */
export async function checkScript(name: string, basedir: string, setuid: boolean): Promise<ScriptCheck> {
  try {
    const script = locateScript(name, basedir);
    const identity = chooseIdentity(script, setuid);
    const notes = identity?.reason === undefined ? [] : [identity.reason];
    return { name, runsAs: runsAs(identity), notes, problem: await load(name, basedir, setuid) };
  } catch (error) {
    return { name, runsAs: '-', notes: [], problem: (error as Error).message };
  }
}

function runsAs(identity: Pick<LocatedScript, 'uid' | 'gid'> | undefined): string {
  const uid = identity?.uid ?? process.geteuid?.() ?? 0;
  const gid = identity?.gid ?? process.getegid?.() ?? 0;
  return `${nameOf('/etc/passwd', uid) ?? (uid === process.getuid?.() ? userInfo().username : String(uid))}:${nameOf('/etc/group', gid) ?? gid}`;
}

function nameOf(file: string, id: number): string | undefined {
  const lines = readFileSync(file, 'latin1')
    .split('\n')
    .map((line) => line.split(':'));
  return lines.find(([, , number]) => number === String(id))?.[0];
}

/** In a process of its own, since loading runs what stands at the module's top. */
function load(name: string, basedir: string, setuid: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    const args = ['load-check', name, '--basedir', basedir, setuid ? '--setuid' : '--no-setuid'];
    const child = fork(process.argv[1] as string, args, {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      timeout: longestLoad,
      killSignal: 'SIGKILL',
    });
    let answer: { loads?: boolean; problem?: string } | undefined;
    child.on('message', (message) => (answer = message as typeof answer));
    child.on('error', (error) => resolve(`it could not be tried: ${error.message}`));
    child.on('close', (code, signal) => {
      if (answer?.loads) resolve(undefined);
      else if (answer?.problem !== undefined) resolve(answer.problem);
      else if (signal) resolve(`loading did not end within ${longestLoad / 1000} s: do the work inside the exported function`);
      else resolve(`it ends the process while it is loaded (status ${code})`);
    });
  });
}

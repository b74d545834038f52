import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import { setprivCommand } from '../script/setpriv';
import type { CallLog } from './call-log';
import type { Connection } from './connection';
import { handedVariables, type HandedCall } from './handed-call';

/** Descriptors that the second start has beside the standard ones; Asterisk's audio is 3. */
const pipes = { output: 4, input: 5 };

/**
 * Hands the call to a second start of this program, under the identity of the script's owner: for a Node that refuses to change
 * users. Gives its exit status; where Node can replace a process by another, this one does not go on.
 * Throws IdentityError, while the call is still here, where there can be no second start.
 */
export async function startAgain(
  call: Pick<HandedCall, 'settings' | 'environment' | 'rest' | 'script' | 'identity'>,
  connection: Connection,
  log: CallLog,
): Promise<number> {
  const program = process.argv[1] as string;
  const [setpriv = '', ...options] = setprivCommand(call.identity, process.execPath, [program]);
  const args = [...options, process.execPath, ...process.execArgv, program, ...process.argv.slice(2)];
  const { input, output, unread } = await connection.handOver();
  const state = log.handOver();
  const environment = (wire: { input: number; output: number }): NodeJS.ProcessEnv => ({
    ...process.env,
    ...handedVariables({ ...call, ...wire, rest: call.rest + unread, log: state }),
  });
  // Only the standard descriptors stay open then, and a socket is one of them.
  if (input === 0 && process.execve) replaceProcess(setpriv, [setpriv, ...args], environment({ input: 0, output: 0 }));
  const wire = input === output ? { input: 0, output: 0 } : pipes;
  const child = spawn(setpriv, args, {
    stdio: wire === pipes ? ['ignore', 1, 2, hasAudio() ? 3 : 'ignore', output, input] : [input, 1, 2],
    env: environment(wire),
  });
  await connection.close();
  for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

function replaceProcess(file: string, args: string[], env: NodeJS.ProcessEnv): void {
  const { emitWarning } = process;
  // That it is experimental would stand in the log of every call.
  process.emitWarning = () => undefined;
  process.execve?.(file, args, env);
  process.emitWarning = emitWarning;
}

function hasAudio(): boolean {
  try {
    return fstatSync(3).isFIFO();
  } catch {
    return false;
  }
}

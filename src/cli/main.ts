import { fstatSync } from 'node:fs';
import { exitStatusOfError } from '../ground/exit-status';
import { maskedText } from '../ground/masking';
import { cleanConsole } from '../serve/process/console';
import { openDescriptors, readPipe } from '../serve/once/descriptors';
import type { Parts } from '../serve/once/once';
import { classicCall } from '../serve/once/classic-call';
import type { OpenManager } from '../call/call-manager';
import { isHanded } from '../serve/process/handed';
import { networkCall } from '../call/network-call';
import { noEnvironment, serveOnce, type CallEnd } from '../serve/once/serve-once';
import type { WorkerRuntime } from '../serve/listen/worker';
import { parseCallOptions } from './call-options';
import type { Start } from './start';

/** What the program does otherwise under another runtime. */
export type Runtime = Omit<Parts & WorkerRuntime, 'openManager'>;

const node: Runtime = { openDescriptors, readPipe, cleanConsole, canObserve: true };

/** Starts the program. Ends the process; nothing else does. */
export function main(argv: readonly string[], how: Start, runtime: Runtime = node): void {
  start(argv, how, runtime).then(endProcess, (error: unknown) => {
    process.stderr.write(`fastagi: ${maskedText(error instanceof Error ? error.message : String(error))}\n`);
    endProcess({ status: exitStatusOfError(error), blocked: false });
  });
}

async function start(argv: readonly string[], how: Start, runtime: Runtime): Promise<CallEnd> {
  // The master of `fastagi listen` starts it, and talks with it.
  if (argv[0] === 'listen-worker' && process.send) {
    const { runWorker } = await import('../serve/listen/worker');
    return { status: await runWorker({ ...runtime, openManager }), blocked: false };
  }
  const call = parseCallOptions(argv);
  const parts = { ...runtime, openManager };
  if (call?.mode === 'run' && isTerminal() && !isHanded('CALL')) throw noEnvironment();
  if (call?.mode === 'run') return serveOnce(classicCall(call.script, call.args, runtime), call.options, parts);
  if (call && !isTerminal()) return serveOnce(networkCall, call.options, parts);
  const { runCommand } = await import('./command-line');
  const {
    status,
    out = [],
    err = [],
  } = await runCommand(argv, { ...how, cleanConsole: runtime.cleanConsole }, { input: process.stdin, output: process.stdout });
  for (const line of out) process.stdout.write(`${line}\n`);
  for (const line of err) process.stderr.write(`${line}\n`);
  return { status, blocked: false };
}

const openManager: OpenManager = async (settings, log) =>
  (await import('../serve/async-agi/script-manager')).openScriptManager(settings, log);

function endProcess({ status, blocked }: CallEnd): void {
  // An exit would wait for the thread that waits for a silent peer; this does not.
  if (blocked) process.kill(process.pid, 'SIGKILL');
  process.exit(status);
}

/** Loads nothing, unlike node:tty. */
function isTerminal(): boolean {
  return fstatSync(0).isCharacterDevice();
}

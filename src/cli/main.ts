import { fstatSync } from 'node:fs';
import { isSecondStart } from '../fastagi/handed-call';
import { classicCall } from '../fastagi/classic-call';
import { networkCall } from '../fastagi/network-call';
import { exitStatusOfError } from '../fastagi/exit-status';
import type { CallEnd } from '../fastagi/call';
import { maskedText } from '../ground/masking';
import { noEnvironment, serveCall } from '../fastagi/serve-call';
import { parseCallOptions } from './call-options';
import type { Start } from './start';

/** Starts the program. Ends the process; nothing else does. */
export function main(argv: readonly string[], how: Start): void {
  start(argv, how).then(endProcess, (error: unknown) => {
    process.stderr.write(`fastagi: ${maskedText(error instanceof Error ? error.message : String(error))}\n`);
    endProcess({ status: exitStatusOfError(error), blocked: false });
  });
}

async function start(argv: readonly string[], how: Start): Promise<CallEnd> {
  const call = parseCallOptions(argv);
  if (call?.mode === 'run' && isTerminal() && !isSecondStart()) throw noEnvironment();
  if (call?.mode === 'run') return serveCall(classicCall(call.script, call.args), call.options);
  if (call && !isTerminal()) return serveCall(networkCall, call.options);
  const { runCommand } = await import('./commands');
  return { status: await runCommand(argv, how), blocked: false };
}

function endProcess({ status, blocked }: CallEnd): void {
  // An exit would wait for the thread that waits for a silent peer; this does not.
  if (blocked) process.kill(process.pid, 'SIGKILL');
  process.exit(status);
}

/** Loads nothing, unlike node:tty. */
function isTerminal(): boolean {
  return fstatSync(0).isCharacterDevice();
}

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { HangupError, ScriptError } from '../ground/errors';
import { beginningProblem } from '../script/program';
import { unreachable } from '../script/reach';
import { programEnd, signalGroup, type ProgramEnd } from '../ground/process-group';
import { relay } from './program-relay';
import type { Run } from './run';

/** In ms: so long a pipe may be silent after its program ended before nothing more is expected in it. */
const silence = 50;
/** In ms: a program that closed its output is about to end, or lets the dialplan go on. */
const longestEnd = 1000;

/**
 * Runs a program in any language as classic AGI: the environment on its standard input, SIGHUP where the caller hangs up. It is over when
 * the program ends or closes its standard output. Throws ScriptError where it cannot be started or fails, HangupError where the
 * caller hung up before it ended.
 */
export async function runProgram(path: string, run: Run): Promise<void> {
  const { channel, connection, agi, received } = run;
  checkBeginning(path);
  const child = spawn(path, agi.args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const ended = programEnd(child).catch((cause: Error) => {
    throw cannotStart(path, cause.message, 'look whether the interpreter in its first line is there', cause);
  });
  const wire = relay(path, run, child);
  child.stdin.write(Buffer.from(`${received.environment}\n\n`, 'latin1'));
  let end: ProgramEnd | undefined;
  try {
    end = await outputEnd(child, ended);
  } finally {
    wire.stop();
  }
  if (!end) run.call.afterwards.push(() => watchOver(path, run, child, ended));
  if (channel.ended) throw new HangupError('the connection ended before the program did');
  // A line that was begun must be ended, or what is sent now would belong to it.
  if (wire.inLine()) connection.write('\n', true);
  await channel.resync();
  if (wire.hungUp()) channel.hangUp();
  if (channel.hungUp) throw new HangupError('the caller hung up before the program ended');
  if (end && end.code !== 0) {
    throw new ScriptError('FASTAGI_PROGRAM_FAILED', `${path} ended with ${end.signal ?? `status ${end.code}`}`, { status: 'FAILURE' });
  }
}

/** How the program ended, with all that it had written; undefined where it closed its output and goes on. */
async function outputEnd(child: ChildProcessWithoutNullStreams, ended: Promise<ProgramEnd>): Promise<ProgramEnd | undefined> {
  const closed = new Promise<void>((resolve) => child.stdout.once('end', resolve));
  const end = await Promise.race([ended, closed]);
  if (!end) return Promise.race([ended, sleep(longestEnd, undefined)]);
  // Its children may hold its output open without end; what it wrote itself is in the pipe.
  let came = true;
  child.stdout.on('data', () => (came = true));
  while (came && !child.stdout.readableEnded) {
    came = child.stdout.isPaused();
    await Promise.race([closed, sleep(silence)]);
  }
  return end;
}

/** The dialplan has the call again; the program may go on as a script after `release` may. */
async function watchOver(
  path: string,
  { call, log }: Run,
  child: ChildProcessWithoutNullStreams,
  ended: Promise<ProgramEnd>,
): Promise<void> {
  const grace = call.host.settings.fastagi.hangupGrace;
  const end = await Promise.race([ended, sleep(grace * 1000)]);
  if (end) return;
  log.warn(`${path} had not ended ${grace} s after it closed its output, and was ended (hangup_grace)`);
  signalGroup(child, 'SIGTERM');
  if (!(await Promise.race([ended, sleep(5000)]))) signalGroup(child, 'SIGKILL');
}

function checkBeginning(path: string): void {
  let found;
  try {
    found = beginningProblem(path);
  } catch (cause) {
    const { why, remedy } = unreachable(path) ?? { why: (cause as Error).message, remedy: "look at the file's owner and mode" };
    throw cannotStart(path, why, remedy, cause);
  }
  if (found) throw cannotStart(path, found.why, found.remedy);
}

function cannotStart(path: string, why: string, remedy: string, cause?: unknown): ScriptError {
  return new ScriptError('FASTAGI_PROGRAM_START', `${path} cannot be started: ${why}; ${remedy}`, { status: 'FAILURE', cause });
}

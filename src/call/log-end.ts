import type { Settings } from '../config/settings';
import type { Log } from '../ground/log';
import { isFailure, messageOf, type Outcome } from './outcome';

/** A call that is over. */
export interface CallEnded {
  readonly outcome: Outcome;
  /** From the start of the process, or of the call in a process that serves several. */
  readonly ms: number;
  /** How many commands were sent. */
  readonly commands: number;
}

/** A line for a call that failed, and behind it the places that its error came through, where a script failed. */
export async function logFailure(log: Log, { phpagi, fastagi }: Settings, end: CallEnded): Promise<void> {
  const { status, reason, error } = end.outcome;
  const isInFull = phpagi.errorHandler && status === 'FAILURE';
  const [first, ...more] = (isInFull ? await inFull(error, fastagi.basedir) : reason).split('\n');
  log.error([`${status}: ${first}${fastagi.logCalls ? figures(end) : ''}`, ...more].join('\n'));
}

/** A line for a call that did not fail, if they are logged. */
export function logEnd(log: Log, { fastagi }: Settings, end: CallEnded): void {
  if (!fastagi.logCalls || isFailure(end.outcome)) return;
  const { status, reason } = end.outcome;
  log.info(`${status}${reason === '' ? '' : `: ${reason}`}${figures(end)}`);
}

/** What cannot be loaded any more must not keep the dialplan from learning what happened. */
export async function inFull(error: unknown, basedir?: string): Promise<string> {
  try {
    return (await import('./readable-error')).readableError(error, basedir);
  } catch {
    return messageOf(error);
  }
}

function figures({ ms, commands }: CallEnded): string {
  return ` (${Math.round(ms)} ms, ${commands} ${commands === 1 ? 'command' : 'commands'})`;
}

import { FastagiError, HangupError, ProtocolError, ScriptError, type CallStatus } from '../ground/errors';
import { ScriptExit } from '../ground/script-exit';
import { oneLine } from '../ground/visible';

/** What a call came to. */
export interface Outcome {
  readonly status: CallStatus;
  /** The reason in one line; empty for SUCCESS. */
  readonly reason: string;
  /** What was thrown, if something was. */
  readonly error: unknown;
  /** Whether it is ours to mend: before a script runs nothing but errors of our own making is foreseen. */
  readonly isDefect?: boolean;
}

export const success: Outcome = { status: 'SUCCESS', reason: '', error: undefined };

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof ScriptExit) return error.status === 0 ? success : { status: 'FAILURE', reason: error.message, error };
  if (error instanceof HangupError) return { status: 'HANGUP', reason: oneLine(error.message), error };
  if (error instanceof ScriptError) return { status: error.status, reason: oneLine(error.message), error };
  if (error instanceof FastagiError) return { status: 'FAILURE', reason: oneLine(error.message), error };
  return { status: 'FAILURE', reason: oneLine(messageOf(error)), error };
}

/** Whether a call failed; that the caller hung up is no failure. */
export function isFailure({ status }: Pick<Outcome, 'status'>): boolean {
  return status !== 'SUCCESS' && status !== 'HANGUP';
}

/** Whether the peer, not anybody here, is at fault: nothing that an administrator could mend. */
export function isPeersFault(error: unknown): boolean {
  return error instanceof ProtocolError;
}

/** What was thrown, as `Name: message`. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  try {
    return `something else than an Error was thrown: ${String(error)}`;
  } catch {
    return 'something was thrown that cannot be printed';
  }
}

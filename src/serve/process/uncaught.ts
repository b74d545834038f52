import { HangupError } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { ScriptExit } from '../../ground/script-exit';
import type { CurrentCall } from './current-call';

/**
 * Watches the process for errors that nobody catches: they are a script's, and end its call.
 * @param log for what belongs to no call
 */
export function watchUncaught(current: CurrentCall, log: Log): void {
  const uncaught = (error: unknown): void => {
    // Its call knows already.
    if (error instanceof ScriptExit) return;
    const call = current.of(error);
    // A command that nobody awaited fails when the caller hangs up: the script may still be storing results.
    if (call && !(error instanceof HangupError) && call.breakWith(error)) return;
    (call?.log ?? log).warn(`nobody waited for this error: ${error instanceof Error ? error.message : String(error)}`);
  };
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
}

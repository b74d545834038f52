import type { Channel } from '../agi/channel';
import { HangupError } from '../ground/errors';
import type { Log } from '../ground/log';
import type { Script } from '../script/load';
import type { Agi } from './call-agi';
import { ScriptExit } from './script-exit';

/** What can end a script besides its own end. */
export interface ScriptWatch {
  /** Rejects with what the script threw or rejected without anybody waiting, or when its time is over. */
  readonly broken: Promise<never>;
  /** Ends the script with this error. */
  breakWith(error: unknown): void;
  /** From now on such things are only logged. */
  stop(): void;
}

/** Runs the script to its end. Throws what it throws; HangupError where the caller hung up before it ended. */
export async function runScript(script: Script, agi: Agi, channel: Channel, watch: ScriptWatch): Promise<void> {
  await Promise.race([script(agi), watch.broken]);
  const left = channel.underWay;
  if (left.length > 0) {
    agi.log.warn(`the script returned while ${left.join(', ')} ${left.length === 1 ? 'was' : 'were'} under way; write await before it`);
    await Promise.race([settled(channel), watch.broken]);
  }
  if (channel.failure) throw channel.failure;
  throwIfHungUp(channel);
}

/** A script that ended by itself did not see that its caller was gone. */
export function throwIfHungUp(channel: Channel): void {
  if (channel.hungUp && !channel.hungUpHere) throw new HangupError('the caller hung up before the script ended');
}

/** When the commands that nobody awaited are answered, and Node has said which of them failed. */
async function settled(channel: Channel): Promise<void> {
  while (channel.underWay.length > 0) {
    await channel.idle();
    await new Promise(setImmediate);
  }
}

/** Watches the process for errors that nobody catches: they are the script's, and end its call. */
export function watchScript(log: Log): ScriptWatch {
  let stopped = false;
  let breakWith: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (breakWith = reject));
  broken.catch(() => undefined);
  const uncaught = (error: unknown): void => {
    if (error instanceof ScriptExit) return;
    // A command that nobody awaited fails when the caller hangs up: the script may still be storing results.
    if (!stopped && !(error instanceof HangupError)) return breakWith(error);
    log.warn(`nobody waited for this error: ${error instanceof Error ? error.message : String(error)}`);
  };
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
  return {
    broken,
    breakWith,
    stop() {
      stopped = true;
    },
  };
}

/**
 * Ends a script that goes on without its caller.
 * @param grace how long it may, in s
 * @returns to be called with what it goes on after; the first time counts
 */
export function createGrace(watch: Pick<ScriptWatch, 'breakWith'>, grace: number, log: Log): (after: string) => void {
  let timer: NodeJS.Timeout | undefined;
  return (after) => {
    timer ??= setTimeout(() => {
      log.warn(`the script had not ended ${grace} s after ${after}, and was ended (hangup_grace)`);
      watch.breakWith(new HangupError(`the script did not end within ${grace} s`));
    }, grace * 1000).unref();
  };
}

import type { Channel } from '../agi/channel';
import { HangupError } from '../ground/errors';
import type { Agi, Script } from './agi';
import type { CallAudio } from './call-audio';
import type { Ending } from './ending';

/** What a script runs on. */
interface ScriptRun {
  readonly agi: Agi;
  readonly channel: Channel;
  readonly ending: Ending;
  readonly liveAudio: CallAudio;
}

/** Runs the script to its end. Throws what it throws; HangupError if the caller hung up before it ended. */
export async function runScript(script: Script, { agi, channel, ending, liveAudio }: ScriptRun): Promise<void> {
  let closed: Promise<void> | undefined;
  try {
    await Promise.race([script(agi), ending.broken]);
  } finally {
    closed = liveAudio.close();
  }
  await Promise.race([closed, ending.broken]);
  const left = channel.underWay;
  if (left.length > 0) {
    agi.log.warn(`the script returned while ${left.join(', ')} ${left.length === 1 ? 'was' : 'were'} under way; write await before it`);
    await Promise.race([settled(channel), ending.broken]);
  }
  if (channel.failure) throw channel.failure;
  // A script that ended by itself did not see that its caller was gone.
  if (channel.hungUp && !channel.hungUpHere) throw new HangupError('the caller hung up before the script ended');
}

/** When the commands that nobody awaited are answered, and Node has said which of them failed. */
async function settled(channel: Channel): Promise<void> {
  while (channel.underWay.length > 0) {
    await channel.idle();
    await new Promise(setImmediate);
  }
}

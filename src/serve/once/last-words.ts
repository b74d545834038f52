import type { Channel } from '../../agi/channel';
import { commandLine } from '../../agi/wire/command-line';
import type { Log } from '../../ground/log';
import { onExit } from '../process/events';
import type { Descriptors } from './descriptors';

/**
 * Where the process ends in the middle of a call all the same (`process.reallyExit`, a loop that ran dry), the
 * dialplan is told in the time that is left.
 * @returns to be called when the call ended by itself
 */
export function keepLastWords(connection: Descriptors, channel: Channel, log: Log & { finish(): void }): () => void {
  let finished = false;
  onExit((code) => {
    if (finished) return;
    const reason = `the process ended with status ${code} in the middle of the script`;
    log.error(`FAILURE: ${reason}`);
    if (!channel.ended) {
      const status = channel.hungUp ? 'HANGUP' : 'FAILURE';
      connection.exchangeNow(commandLine('SET VARIABLE', ['FASTAGISTATUS', status], 2047));
      connection.exchangeNow(commandLine('SET VARIABLE', ['FASTAGIERROR', reason], 2047));
      if (status === 'FAILURE') connection.exchangeNow(commandLine('VERBOSE', [`fastagi: ${reason}`, 1], 2047));
    }
    log.finish();
  });
  return () => {
    finished = true;
  };
}

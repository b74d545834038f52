import type { Channel } from '../agi/channel';
import { commandLine } from '../agi/command-line';
import type { Log } from '../ground/log';
import type { Connection } from './connection';

/**
 * A script that calls process.exit ends its call there: the dialplan is told in the time that is left.
 * @returns to be called when the call ended by itself
 */
export function onEarlyExit(connection: Connection, channel: Channel, log: Log & { finish(): void }): () => void {
  let finished = false;
  process.on('exit', (code) => {
    if (finished) return;
    const reason = `the script called process.exit(${code})`;
    if (code !== 0) log.error(`FAILURE: ${reason}`);
    if (!channel.ended) {
      const status = channel.hungUp ? 'HANGUP' : code === 0 ? 'SUCCESS' : 'FAILURE';
      connection.exchangeNow(commandLine('SET VARIABLE', ['FASTAGISTATUS', status], 2047));
      if (code !== 0) connection.exchangeNow(commandLine('SET VARIABLE', ['FASTAGIERROR', reason], 2047));
      if (status === 'FAILURE') connection.exchangeNow(commandLine('VERBOSE', [`fastagi: ${reason}`, 1], 2047));
    }
    log.finish();
  });
  return () => {
    finished = true;
  };
}

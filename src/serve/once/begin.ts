import type { CommandLineSettings } from '../../config/read-settings';
import { trySettings } from '../../config/try-settings';
import { openCallLog } from '../process/log';
import { guardWire } from '../process/stdio';
import type { Once, Parts } from './once';

/** The wire guarded, the settings read, the log open. */
export function begin(options: CommandLineSettings, { openDescriptors }: Parts): Once {
  const stdio = guardWire();
  const connection = openDescriptors(stdio.input, stdio.output);
  const tried = trySettings(options);
  return {
    ...tried,
    // A caller waits from the start of the process on. Node builds `performance` when it is first touched, in more than a millisecond.
    begun: Date.now() - 1000 * process.uptime(),
    connection,
    log: openCallLog(stdio, tried.settings.fastagi.log, tried.master),
  };
}

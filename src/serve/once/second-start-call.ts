import type { CommandLineSettings } from '../../config/read-settings';
import { wholeSettings } from '../process/handed-settings';
import { createCallLog } from '../process/log';
import type { HandedCall } from './handed-call';
import { takeMailer } from './mailer';
import type { Once, Parts } from './once';

/** A call that another process began, for its script's owner. */
export function takeOver(
  { begun, input, output, log, mailer, settings }: HandedCall,
  options: CommandLineSettings,
  { openDescriptors, readPipe }: Parts,
): Once {
  return {
    begun,
    connection: openDescriptors(input, output, true),
    log: createCallLog(log),
    settings: wholeSettings(settings, options),
    settingsError: undefined,
    master: 'root',
    settingsFile: undefined,
    ...(mailer && { mailer: takeMailer(mailer.input, readPipe(mailer.output)) }),
  };
}

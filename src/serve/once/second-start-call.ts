import { readSettings, type CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { createCallLog } from '../process/log';
import { openDescriptors } from './descriptors';
import type { HandedCall } from './handed-call';
import { takeMailer } from './mailer';
import type { Once } from './once';

/** A call that another process began, for its script's owner. */
export function takeOver({ begun, input, output, log, mailer, settings }: HandedCall, options: CommandLineSettings): Once {
  return {
    begun,
    connection: openDescriptors(input, output, true),
    log: createCallLog(log),
    settings: settings.withheld ? wholeSettings(settings, options) : settings,
    settingsError: undefined,
    master: 'root',
    settingsFile: undefined,
    ...(mailer && { mailer: takeMailer(mailer.input, mailer.output) }),
  };
}

/** With the secrets, where the user may read the file. */
function wholeSettings(handed: Settings, options: CommandLineSettings): Settings {
  try {
    return readSettings(options);
  } catch {
    return handed;
  }
}

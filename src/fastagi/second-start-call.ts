import { readSettings, type CommandLineSettings } from '../config/read-settings';
import type { Settings } from '../config/settings';
import type { Call, CallKind } from './call';
import { createCallLog } from './call-log';
import { openConnection } from './connection';
import type { HandedCall } from './handed-call';
import { takeMailer } from './mail-sender';

/** A call that another process began, for its script's owner. */
export function takeOver(kind: CallKind, { begun, input, output, log, mailer, settings }: HandedCall, options: CommandLineSettings): Call {
  return {
    kind,
    begun,
    connection: openConnection(input, output, true),
    log: createCallLog(log),
    settings: settings.withheld ? wholeSettings(settings, options) : settings,
    settingsError: undefined,
    master: 'root',
    settingsFile: undefined,
    ...(mailer && { mailer: takeMailer(mailer.input, mailer.output) }),
    afterwards: [],
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

import { defaultSettings, fileOf, readSettings, type CommandLineSettings } from '../config/read-settings';
import { ConfigError } from '../ground/errors';
import { masterOf } from '../ground/trust';
import type { Call, CallKind } from './call';
import { createCallLog, openCallLog } from './call-log';
import { openConnection } from './connection';
import type { HandedCall } from './handed-call';
import { takeMailer } from './mailer';
import { settingsOf } from './secrets';
import { guardWire } from './stdio';

/** The wire guarded, the settings read, the log open. */
export function beginCall(kind: CallKind, options: CommandLineSettings): Call {
  const stdio = guardWire();
  const connection = openConnection(stdio.input, stdio.output);
  const { settings, settingsError, master } = trySettings(options);
  return {
    kind,
    connection,
    log: openCallLog(stdio, settings.fastagi.log, master),
    settings,
    settingsError,
    master,
    settingsFile: fileOf(options.config),
    afterwards: [],
  };
}

/** A call that another process began, for its script's owner. */
export function takeOver(kind: CallKind, { input, output, log, mailer, ...handed }: HandedCall, options: CommandLineSettings): Call {
  const call: Call = {
    kind,
    connection: openConnection(input, output, true),
    log: createCallLog(log),
    settings: settingsOf(handed.settings, options),
    settingsError: undefined,
    master: 'root',
    settingsFile: fileOf(options.config),
    afterwards: [],
  };
  if (mailer) call.mailer = takeMailer(mailer.input, mailer.output);
  return call;
}

/** A configuration that cannot be read must not cost the call its report. */
function trySettings(options: CommandLineSettings): Pick<Call, 'settings' | 'settingsError' | 'master'> {
  try {
    const master = settingsMaster(options);
    return { settings: readSettings(options), settingsError: undefined, master };
  } catch (settingsError) {
    return { settings: defaultSettings(options), settingsError, master: 'root' };
  }
}

/** Who besides root could have written the file. Throws ConfigError where that could be several, or anybody. */
export function settingsMaster({ config }: CommandLineSettings): 'root' | number {
  if (process.geteuid?.() !== 0) return 'root';
  const file = fileOf(config);
  const master = file === undefined ? 'root' : masterOf(file);
  if (typeof master !== 'object') return master;
  const message = `the configuration ${file} is not trusted, since root's calls would follow it: ${master.why}; ${master.remedy}`;
  throw new ConfigError('FASTAGI_CONFIG_UNTRUSTED', message);
}

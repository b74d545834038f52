import type { Settings } from '../../config/settings';
import type { Log } from '../../ground/log';
import type { AsteriskManager } from '../../call/agi';
import { connectBySettings } from './asterisk-manager';

/** The manager of one call, connected. Each action is in the log if `[asmanager] write_log` says so. */
export function openScriptManager(settings: Settings, log: Log): Promise<AsteriskManager> {
  const quiet: Log = { info: () => undefined, warn: (text) => log.warn(text), error: (text) => log.error(text) };
  return connectBySettings(settings, settings.asmanager.writeLog ? log : quiet);
}

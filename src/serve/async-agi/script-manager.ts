import type { Settings } from '../../config/settings';
import type { Log } from '../../ground/log';
import type { AsteriskManager } from '../../call/agi';
import { connectBySettings, managerLog } from './asterisk-manager';

/** The manager of one call, connected. */
export function openScriptManager(settings: Settings, log: Log): Promise<AsteriskManager> {
  return connectBySettings(settings, managerLog(settings, log));
}

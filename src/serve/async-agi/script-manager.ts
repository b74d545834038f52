import type { Settings } from '../../config/settings';
import type { Log } from '../../ground/log';
import { createAsteriskManager } from './asterisk-manager';
import type { AsteriskManager } from '../../call/agi';

/** The manager of one call, connected. Each action is in the log where `[asmanager] write_log` says so. */
export async function openScriptManager(settings: Settings, log: Log): Promise<AsteriskManager> {
  const quiet: Log = { info: () => undefined, warn: (text) => log.warn(text), error: (text) => log.error(text) };
  const manager = createAsteriskManager(settings, settings.asmanager.writeLog ? log : quiet);
  try {
    return await manager.connect();
  } catch (error) {
    await manager.close();
    throw error;
  }
}

import type { Settings } from '../config/settings';
import { ConfigError } from '../ground/errors';
import type { Log } from '../ground/log';
import type { AsteriskManager } from './agi';
import type { CallManager } from './host';

/** Opens the manager that the settings name, connected. */
export type OpenManager = (settings: Settings, log: Log) => Promise<AsteriskManager>;

/** One call's manager, of which nothing is loaded before somebody asks for it. */
export function callManager(settings: Settings, log: Log, openManager: OpenManager): CallManager {
  let opened: Promise<AsteriskManager> | undefined;
  return {
    open() {
      if (settings.withheld && settings.asmanager.secret === '') return Promise.reject(withheld());
      opened ??= openManager(settings, log);
      // A manager that could not be reached may be there at the next try.
      opened.catch(() => (opened = undefined));
      return opened;
    },
    async close() {
      const manager = await opened?.catch(() => undefined);
      await manager?.close();
    },
  };
}

function withheld(): ConfigError {
  const who = process.env['USER'] ?? process.geteuid?.();
  const message = `manager: user ${who} may not read the configuration, and so does not get [asmanager] secret; name the user in [fastagi] secrets_for`;
  return new ConfigError('FASTAGI_SECRET_WITHHELD', message);
}

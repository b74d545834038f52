import type { Settings } from '../config/settings';
import type { Log } from '../ground/log';
import type { AsteriskManager } from './call-agi';

/** One call's manager, of which nothing is loaded before somebody asks for it. */
export interface CallManager {
  open(): Promise<AsteriskManager>;
  close(): Promise<void>;
}

export function callManager(settings: Settings, log: Log): CallManager {
  let opened: Promise<AsteriskManager> | undefined;
  return {
    open() {
      opened ??= import('./script-manager').then(({ openScriptManager }) => openScriptManager(settings, log));
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

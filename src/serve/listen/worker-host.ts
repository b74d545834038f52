import { callManager, type OpenManager } from '../../call/call-manager';
import type { Host } from '../../call/host';
import { mailFailed } from '../../call/mail/mail';
import type { Settings } from '../../config/settings';
import type { CurrentCall } from '../process/current-call';
import { withoutExperimental } from '../process/warnings';
import { loadScript } from '../../script/load';
import { checkMayRun } from './may-run';
import type { ServiceLog } from './service-log';

/** What the calls of a worker share of their place. */
export function workerHost(settings: Settings, log: ServiceLog, current: CurrentCall, openManager: OpenManager): Host {
  const { phpagi } = settings;
  const isMailed = phpagi.errorHandler && phpagi.admin !== undefined;
  return {
    settings,
    settingsError: undefined,
    log: (label) => (label === '' ? log : log.of(label)),
    async admit(script) {
      checkMayRun(script, settings.fastagi.setuid);
      return 'here';
    },
    load: ({ path }) => withoutExperimental(() => loadScript(path)),
    contain: (call, run) => current.run(call, run),
    manager: (ofCall) => callManager(settings, ofCall, openManager),
    mail: isMailed ? async (failed, ofCall) => mailFailed(failed, settings, ofCall, undefined) : undefined,
  };
}

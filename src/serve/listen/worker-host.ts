import { callManager, type OpenManager } from '../../call/call-manager';
import type { Host } from '../../call/host';
import { isMailed } from '../../call/is-mailed';
import type { Settings } from '../../config/settings';
import type { Log } from '../../ground/log';
import type { CurrentCall, GuardedCall } from '../process/current-call';
import type { Loaded } from './loaded';
import { checkMayRun } from './may-run';
import type { ServiceLog } from './service-log';

/** What the calls of a worker share of their place. */
export interface WorkerHost extends Host {
  /** What stands in a call's lines. */
  labelOf(call: GuardedCall | undefined): string | undefined;
}

export function workerHost(
  settings: Settings,
  log: ServiceLog,
  current: CurrentCall,
  loaded: Loaded,
  openManager: OpenManager,
): WorkerHost {
  const labels = new WeakMap<Log, string>();
  return {
    settings,
    settingsError: undefined,
    log(label) {
      if (label === '') return log;
      const own = log.of(label);
      labels.set(own, label);
      return own;
    },
    labelOf: (call) => call && labels.get(call.log),
    async admit(script) {
      // What was loaded was admitted, and a change of the file, of its owner or its mode too, retires the worker before it comes here.
      if (!loaded.has(script.path)) checkMayRun(script, settings.fastagi.setuid);
      return 'here';
    },
    load: ({ path }) => loaded.load(path),
    contain: (call, run) => current.run(call, run),
    manager: (ofCall) => callManager(settings, ofCall, openManager),
    mail: isMailed(settings)
      ? async (failed, ofCall) => (await import('../../call/mail/mail')).mailFailed(failed, settings, ofCall, undefined)
      : undefined,
  };
}

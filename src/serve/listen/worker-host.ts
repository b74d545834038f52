import { callManager, type OpenManager } from '../../call/call-manager';
import type { Host } from '../../call/host';
import { ownMailer } from '../../call/own-mailer';
import type { Settings } from '../../config/settings';
import type { CurrentCall } from '../process/current-call';
import type { Loaded } from './loaded';
import { runIn } from '../process/recorded-values';
import { checkMayRun } from '../process/may-run';
import type { ServiceLog } from '../process/service-log';

export function workerHost(settings: Settings, log: ServiceLog, current: CurrentCall, loaded: Loaded, openManager: OpenManager): Host {
  return {
    settings,
    settingsError: undefined,
    log: (label) => (label === '' ? log : log.of(label)),
    async admit(script) {
      // What was loaded was admitted, and a change of the file, of its owner or its mode too, retires the worker before it comes here.
      if (!loaded.has(script.path)) checkMayRun(script, settings.fastagi.setuid);
      return 'here';
    },
    load: ({ path }) => loaded.load(path),
    contain: (call, run) => runIn(current, call, run),
    manager: (ofCall) => callManager(settings, ofCall, openManager),
    mail: ownMailer(settings),
  };
}

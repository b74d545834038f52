import type { AsteriskManager, Script } from '../../call/agi';
import type { Host } from '../../call/host';
import type { Settings } from '../../config/settings';
import { loadScript } from '../../script/load';
import type { LocatedScript } from '../../script/locate';
import type { CurrentCall } from '../process/current-call';
import { runIn } from '../process/recorded-values';
import type { ServiceLog } from '../process/service-log';
import { withoutExperimental } from '../process/warnings';
import { managerHost } from './async-call';

/** The place of calls that come over the manager, in a process of ours. */
export interface ScriptHost extends Host {
  /** Loads the script before somebody calls. A script that is broken is in the log; each call is told. */
  warm(): Promise<void>;
  /** Ends the scripts of all calls. */
  endAll(why: Error): void;
}

interface Place {
  readonly settings: Settings;
  readonly log: ServiceLog;
  readonly script: LocatedScript;
  readonly current: CurrentCall;
  readonly openManager: () => Promise<AsteriskManager>;
}

export function scriptHost({ settings, log, script, current, openManager }: Place): ScriptHost {
  let loaded: Promise<Script> | undefined;
  const load = (): Promise<Script> => (loaded ??= withoutExperimental(async () => loadScript(script.path)));
  return {
    ...managerHost(settings, log, load, openManager),
    log: (label) => (label === '' ? log : log.of(label)),
    contain: (call, run) => runIn(current, call, run),
    async warm() {
      await load().catch((error: Error) => log.error(`each call will fail until fastagi async is started again: ${error.message}`));
    },
    endAll(why) {
      for (const call of current.running) call.breakWith(why);
    },
  };
}

import type { Host } from '../../call/host';
import { isMailed } from '../../call/is-mailed';
import type { CallKind } from '../../call/kind';
import type { ExitStatus } from '../../ground/exit-status';
import { loadScript } from '../../script/load';
import type { CurrentCall } from '../process/current-call';
import { runIn } from '../process/recorded-values';
import { watchUncaught } from '../process/uncaught';
import { withoutExperimental } from '../process/warnings';
import { admit, resume } from './admit';
import { callManager, type OpenManager } from '../../call/call-manager';
import type { HandedCall } from './handed-call';
import { keepLastWords } from './last-words';
import type { Once } from './once';

/** The place of a call that has a process of its own. */
export interface OnceHost extends Host {
  /** How the process ended that the call was handed to. */
  readonly elsewhere: ExitStatus | undefined;
}

/** @param handed the call, if this process is a second start */
export function createHost(
  once: Once,
  { network }: CallKind,
  handed: HandedCall | undefined,
  current: CurrentCall,
  openManager: OpenManager,
): OnceHost {
  const { settings, settingsError, log, connection } = once;
  let elsewhere: ExitStatus | undefined;
  return {
    settings,
    settingsError,
    get elsewhere() {
      return elsewhere;
    },
    log(label) {
      if (label !== '') log.label(label);
      return log;
    },
    async admit(script, received) {
      const identity = handed ? resume(handed, network, settings) : await admit(once, network, script);
      if (!identity) return 'here';
      const { startAgain } = await import('./second-start');
      elsewhere = (await startAgain(once, { ...received, script, identity })) as ExitStatus;
      return 'elsewhere';
    },
    load: ({ path }) => withoutExperimental(() => loadScript(path)),
    contain(call, run) {
      watchUncaught(current, log);
      const dropLastWords = keepLastWords(connection, call.channel, log);
      return runIn(current, call, run).finally(dropLastWords);
    },
    manager: (ofCall) => callManager(settings, ofCall, openManager),
    mail: isMailed(settings) ? async (failed) => (await import('./mail-call')).mailCall(once, failed) : undefined,
  };
}

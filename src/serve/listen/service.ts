import type { Settings } from '../../config/settings';
import type { ExitStatus } from '../../ground/exit-status';
import { onSignals } from '../process/events';
import { drain, endAll } from './ending';
import type { OpenedLog } from './open-log';
import { createPool } from './pool';
import type { Porter } from './porter';
import { openScoreboard } from './scoreboard';
import { createWatchdog } from './watchdog';

interface Service {
  readonly settings: Settings;
  /** The settings as the file has them now. Throws ConfigError. */
  reread(): Settings;
  readonly porter: Porter;
  readonly opened: OpenedLog;
}

/** Serves calls until a signal ends it. */
export async function runService({ settings: first, reread, porter, opened }: Service): Promise<ExitStatus> {
  let settings = first;
  const { log, style } = opened;
  const regions = mostWorkers(settings);
  const board = openScoreboard(settings.phpagi.tempdir, regions);
  porter.limit(settings.fastagi.maxCalls);
  const pool = createPool({
    settings, board, regions, style, log,
    listening: porter.listening,
    message(_worker, { kind }) {
      if (kind === 'awake') watchdog.wake();
    },
  }); // prettier-ignore
  const watchdog = createWatchdog({ pool, board, porter, log, limits: () => settings.fastagi, slow: () => undefined });
  watchdog.wake();
  const ended = new Promise<void>((resolve) => {
    let isEnding = false;
    onSignals(['SIGTERM', 'SIGINT'], (signal) => {
      log.info(isEnding ? `${signal} again: ends at once` : `${signal}: takes no further calls`);
      if (isEnding) endAll(pool);
      else void drain(pool, settings, log).then(resolve);
      isEnding = true;
    });
  });
  onSignals(['SIGHUP'], () => {
    opened.reopen();
    try {
      settings = reread();
    } catch (error) {
      log.error(`the configuration was read again, and is not taken; the one before stays in force: ${(error as Error).message}`);
      return;
    }
    log.info('the configuration was read again; workers are replaced');
    porter.limit(settings.fastagi.maxCalls);
    pool.renew(settings);
    void pool.ready().then(() => log.info('all workers have the new settings'));
  });
  await pool.ready();
  log.info('ready');
  await ended;
  watchdog.stop();
  return 0;
}

/** Those that only finish their calls are counted, too. */
function mostWorkers({ fastagi }: Settings): number {
  return 3 * (fastagi.workers || process.getBuiltinModule('node:os').availableParallelism()) + 4;
}

import type { Settings } from '../../config/settings';
import { ownVersion } from '../../ground/own-version';
import type { ExitStatus } from '../../ground/exit-status';
import { onSignals } from '../process/events';
import { startAgentCheck } from './agent-check';
import { drain, endAll, watchIdle } from './ending';
import { addCount, addStats, createFigures } from './figures';
import { startHttp } from './http';
import type { OpenedLog } from '../process/open-log';
import { createPool, wantedWorkers } from './pool';
import type { PooledWorker } from './pooled-worker';
import type { Porter } from './porter';
import { openScoreboard } from './scoreboard';
import { systemdNotifier } from './sd-notify';
import { startStatusSocket } from './status-socket';
import { addressText, type ServiceState, type StatusSource } from './status';
import type { Stats } from './tally';
import { createWatchdog } from './watchdog';

export interface Service {
  readonly settings: Settings;
  /** The settings as the file has them now. Throws ConfigError. */
  reread(): Settings;
  readonly porter: Porter;
  readonly opened: OpenedLog;
  /** Where HAProxy asks. */
  readonly agentCheck: string | undefined;
}

/** Serves calls until a signal, or that nobody calls, ends it. Throws ConfigError if an address of its own cannot be had. */
export async function runService({ settings: first, reread, porter, opened, agentCheck }: Service): Promise<ExitStatus> {
  let settings = first;
  let state: ServiceState = 'starting';
  const { log } = opened;
  const { style } = opened.place;
  const { listening } = porter;
  const regions = mostWorkers(settings);
  const board = openScoreboard(settings.phpagi.tempdir, regions);
  const figures = createFigures();
  const told = new WeakMap<PooledWorker, Stats>();
  porter.limit(settings.fastagi.maxCalls);
  const pool = createPool({
    settings, board, regions, style, log, listening,
    message(worker, message) {
      if (message.kind === 'awake') watchdog.wake();
      if (message.kind === 'ready') watchdog.look();
      if (message.kind !== 'figures') return;
      addStats(figures, message.stats);
      told.set(worker, message.stats);
    },
    exited: (why) => addCount(figures.exits, why),
    isHeldUp: (worker) => watchdog.heldUp().has(worker),
  }); // prettier-ignore
  const watchdog = createWatchdog({
    pool, board, porter, log,
    limits: () => settings.fastagi,
    slow: () => (figures.slowCalls += 1),
    seen: (active) => (figures.mostCalls = Math.max(figures.mostCalls, active)),
  }); // prettier-ignore
  watchdog.wake();
  const source: StatusSource = {
    version: ownVersion(), begun: Date.now(), figures, board, listening, regions,
    state: () => state,
    settings: () => settings,
    wanted: () => pool.wanted,
    workers: () => pool.workers,
    heldUp: (worker) => watchdog.heldUp().has(worker),
    told: (worker) => told.get(worker),
    refusedByPorter: porter.refused,
  }; // prettier-ignore
  const systemd = systemdNotifier(process.env, () => pool.workers.length > 0, log);
  const isEnding = (): boolean => state === 'draining';
  const ended = new Promise<void>((resolve) => {
    onSignals(['SIGTERM', 'SIGINT'], (signal) => {
      log.info(isEnding() ? `${signal} again: ends at once` : `${signal}: takes no further calls`);
      if (isEnding()) return endAll(pool);
      state = 'draining';
      systemd.stopping();
      void drain(pool, porter, settings, log, agentCheck !== undefined).then(resolve);
    });
    if (!porter.isOwn) watchIdle({ pool, board, log, seconds: () => settings.fastagi.idleExit, isEnding, resolve });
  });
  const reload = async (): Promise<void> => {
    opened.reopen();
    try {
      settings = reread();
    } catch (error) {
      log.error(`the configuration was read again, and is not taken; the one before stays in force: ${(error as Error).message}`);
      return;
    }
    log.info('the configuration was read again; workers are replaced');
    systemd.reloading();
    porter.limit(settings.fastagi.maxCalls);
    pool.renew(settings);
    await pool.ready();
    log.info('all workers have the new settings');
    systemd.ready();
  };
  onSignals(['SIGHUP'], () => {
    if (!isEnding()) void reload();
  });
  log.info(`listens on ${listening.map(addressText).join(', ')}`);
  await startStatusSocket(settings.fastagi.statusSocket, source, log);
  if (settings.fastagi.metrics !== undefined) await startHttp(settings.fastagi.metrics, source);
  if (agentCheck !== undefined) await startAgentCheck(agentCheck, source);
  // A signal may come before all of them are there.
  await Promise.race([pool.ready(), ended]);
  if (!isEnding()) {
    state = 'ready';
    log.info('ready');
    systemd.ready();
  }
  await ended;
  await porter.close();
  watchdog.stop();
  systemd.stop();
  log.info('ended');
  return 0;
}

/** Those that only finish their calls are counted, too. */
function mostWorkers(settings: Settings): number {
  return 3 * wantedWorkers(settings) + 4;
}

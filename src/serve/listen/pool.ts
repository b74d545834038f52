import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Settings } from '../../config/settings';
import type { Listening } from './porter-messages';
import type { ToMaster, ToWorker } from './messages';
import type { Scoreboard } from './scoreboard';
import type { LogStyle, ServiceLog } from './service-log';

/** What all workers are started with. */
export interface PoolOptions {
  readonly settings: Settings;
  readonly listening: readonly Listening[];
  readonly board: Scoreboard;
  readonly regions: number;
  readonly style: LogStyle;
  readonly log: ServiceLog;
}

/** A worker, as the master sees it: it starts, serves, finishes its calls, is gone. */
interface PooledWorker {
  readonly region: number;
  readonly child: ChildProcess;
  readonly begun: number;
  state: 'starting' | 'serving' | 'retiring' | 'gone';
}

export interface Pool {
  readonly workers: readonly PooledWorker[];
  /** Settles when as many as there should be take calls. */
  ready(): Promise<void>;
  /** Starts no more, has those that are there finish. Settles when all are gone. */
  retire(): Promise<void>;
}

/** In ms: a worker that died is replaced after so long, and after twice as long each time that another dies soon. */
const [firstDelay, longestDelay] = [100, 30_000];
/** One that lived so long, in ms, died for a reason of its own. */
const longLife = 10_000;

export function createPool(options: PoolOptions): Pool {
  const { settings, board, log } = options;
  const wanted = settings.fastagi.workers || process.getBuiltinModule('node:os').availableParallelism();
  const workers: PooledWorker[] = [];
  const waiters: (() => void)[] = [];
  let state: 'running' | 'retiring' = 'running';
  let delay = firstDelay;

  const serving = (): PooledWorker[] => workers.filter((worker) => worker.state === 'serving');
  const starting = (): PooledWorker[] => workers.filter((worker) => worker.state === 'starting');

  const changed = (): void => {
    for (const look of waiters.slice()) look();
  };

  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        waiters.splice(waiters.indexOf(look), 1);
        resolve();
      };
      waiters.push(look);
      look();
    });

  const fill = (): void => {
    if (state !== 'running') return;
    for (let missing = wanted - serving().length - starting().length; missing > 0; missing--) {
      const region = freeRegion();
      if (region === undefined) return;
      start(region);
    }
  };

  const freeRegion = (): number | undefined => {
    for (let region = 0; region < options.regions; region++) if (!workers.some((worker) => worker.region === region)) return region;
    return undefined;
  };

  const start = (region: number): void => {
    const child = spawnWorker(options);
    const worker: PooledWorker = { region, child, begun: Date.now(), state: 'starting' };
    workers.push(worker);
    send(worker, { kind: 'start', settings, region, regions: options.regions, sockets: options.listening.length, log: options.style });
    child.on('message', (message) => take(worker, message as ToMaster));
    child.on('error', (error) => log.error(`a worker could not be started: ${error.message}`));
    child.once('exit', (code, signal) => gone(worker, code, signal));
  };

  const take = (worker: PooledWorker, message: ToMaster): void => {
    if (message.kind === 'ready' && worker.state === 'starting') worker.state = 'serving';
    changed();
  };

  const gone = (worker: PooledWorker, code: number | null, signal: NodeJS.Signals | null): void => {
    const was = worker.state;
    worker.state = 'gone';
    workers.splice(workers.indexOf(worker), 1);
    const { maxCalls } = settings.fastagi;
    const lost = board.entries(worker.region, maxCalls);
    board.clear(worker.region, maxCalls);
    if (was !== 'retiring' || code !== 0) {
      log.error(
        `worker ${worker.child.pid} ended with ${signal ?? `status ${code}`}${lost.length > 0 ? `, and with it ${lost.length} calls` : ''}`,
      );
      for (const { channel, script } of lost)
        log.of(`${channel || 'unknown channel'} ${script}`).error('the call was lost with its worker');
    }
    if (was === 'retiring') fill();
    else {
      delay = Date.now() - worker.begun > longLife ? firstDelay : Math.min(longestDelay, 2 * delay);
      setTimeout(fill, delay);
    }
    changed();
  };

  const send = ({ child }: PooledWorker, message: ToWorker): void => {
    if (child.connected) child.send(message, () => undefined);
  };

  fill();
  return {
    workers,
    ready: () => until(() => serving().length >= wanted),
    retire() {
      state = 'retiring';
      for (const worker of workers) {
        worker.state = 'retiring';
        send(worker, { kind: 'retire' });
      }
      return until(() => workers.length === 0);
    },
  };
}

/** Its descriptors: standard error is the log, then the channel to the master, the scoreboard, and the listening sockets. */
function spawnWorker({ board, listening }: PoolOptions): ChildProcess {
  const stdio: StdioOptions = ['ignore', 2, 2, 'ipc', board.descriptor, ...listening.map(({ fd }) => fd)];
  // A terminal's Ctrl-C is for the master alone.
  return spawn(process.execPath, [...process.execArgv, process.argv[1] as string, workerWord], { stdio, detached: true });
}

/** What a worker's command line holds. */
const workerWord = 'listen-worker';

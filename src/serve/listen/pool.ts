import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Settings } from '../../config/settings';
import { createHanded } from './handed';
import type { ExitReason, ToMaster, Wear } from './messages';
import { socketsInWorker, startWorker, type PooledWorker, type WorkerState } from './pooled-worker';
import type { Listening } from './porter-messages';
import type { Entry, Scoreboard } from './scoreboard';
import type { LogStyle, ServiceLog } from '../process/service-log';
import { createWaiters } from './waiters';

/** What workers are started with. */
export interface PoolOptions {
  readonly settings: Settings;
  readonly listening: readonly Listening[];
  readonly board: Scoreboard;
  readonly regions: number;
  readonly style: LogStyle;
  readonly log: ServiceLog;
  exited(why: ExitReason): void;
  /** Whether a worker's event loop does not go round: it takes no calls for now. */
  isHeldUp(worker: PooledWorker): boolean;
  message(worker: PooledWorker, message: ToMaster): void;
}

export interface Pool {
  readonly workers: readonly PooledWorker[];
  /** How many there should be. */
  readonly wanted: number;
  /** Settles when as many as there should be take calls. */
  ready(): Promise<void>;
  /** Replaces all by workers with these settings, without losing a call. */
  renew(settings: Settings): void;
  /** A worker that was held up may go on: calls may wait for one. */
  handOn(): void;
  /** Ends a worker that is stuck. */
  kill(worker: PooledWorker): void;
  /** Starts no more, has those that are there finish. Settles when all are gone. */
  retire(): Promise<void>;
  /** Starts workers again, though those before still finish their calls. */
  resume(): void;
}

/** In ms: a worker that died is replaced after so long, and after twice as long each time that another dies soon. */
const [firstDelay, longestDelay] = [100, 30_000];
/** One that lived so long, in ms, died for a reason of its own. */
const longLife = 10_000;

export function createPool(options: PoolOptions): Pool {
  const { board, log } = options;
  let { settings } = options;
  const workers: PooledWorker[] = [];
  const wear = new Map<PooledWorker, Wear | 'stalled'>();
  const waiters = createWaiters();
  let state: 'running' | 'retiring' = 'running';
  let generation = 1;
  let delay = firstDelay;

  const wanted = (): number => Math.min(wantedWorkers(settings), options.regions - 1);

  const inState = (...states: readonly WorkerState[]): PooledWorker[] => workers.filter((worker) => states.includes(worker.state));

  /** The newest worker has loaded the least. */
  const handed = createHanded(() => inState('serving').findLast((worker) => !options.isHeldUp(worker)), log);

  /** Those that serve, or will, and need no replacement. */
  const good = (): PooledWorker[] => inState('starting', 'serving').filter((worker) => worker.generation === generation);

  const fill = (): void => {
    startMissing();
    // Each of those that serve may be stale before it has read this.
    board.crowd(freeRegions().length < wanted());
  };

  const startMissing = (): void => {
    if (state !== 'running') return;
    for (let missing = wanted() - good().length; missing > 0; missing--) {
      const [region] = freeRegions();
      // All places are taken by workers that finish their calls; the next one that ends makes room.
      if (region === undefined) return;
      start(region);
    }
  };

  const freeRegions = (): number[] =>
    Array.from({ length: options.regions }, (_, region) => region).filter((region) => !workers.some((worker) => worker.region === region));

  const start = (region: number): void => {
    const worker: PooledWorker = startWorker(
      options,
      { region, generation },
      {
        message: (message, socket) => take(worker, message, socket),
        gone: (code, signal) => gone(worker, code, signal),
        failed: (error) => notStarted(worker, error),
      },
    );
    workers.push(worker);
    const sockets = socketsInWorker(options.listening);
    worker.send({ kind: 'start', settings, region, regions: options.regions, sockets, log: options.style });
  };

  const take = (worker: PooledWorker, message: ToMaster, socket: Socket | undefined): void => {
    if (message.kind === 'ready' && worker.state === 'starting') serves(worker);
    if (message.kind === 'worn') wornOut(worker, message.why);
    if (message.kind === 'call' && socket) handed.add(socket, message.request);
    options.message(worker, message);
  };

  const serves = (worker: PooledWorker): void => {
    worker.state = 'serving';
    handed.handOn();
    // Those that it was started for may go.
    const surplus = inState('serving').length + inState('worn').length - wanted();
    const leaving = [...inState('worn'), ...inState('serving').filter((one) => one.generation !== generation)];
    for (const old of leaving.slice(0, Math.max(0, surplus))) retireOne(old);
    waiters.look();
  };

  const wornOut = (worker: PooledWorker, why: Wear): void => {
    if (worker.state !== 'serving' && worker.state !== 'starting') return;
    wear.set(worker, why);
    worker.state = 'worn';
    // It takes no calls any more; the others find out by themselves.
    if (why === 'changed') retireOne(worker);
    fill();
  };

  const retireOne = (worker: PooledWorker): void => {
    worker.state = 'retiring';
    worker.send({ kind: 'retire' });
  };

  const notStarted = (worker: PooledWorker, error: Error): void => {
    workers.splice(workers.indexOf(worker), 1);
    log.error(`a worker could not be started, and is tried again in ${delay / 1000} s: ${error.message}`);
    fillLater();
    waiters.look();
  };

  const fillLater = (): void => {
    setTimeout(fill, delay);
    delay = Math.min(longestDelay, 2 * delay);
  };

  const gone = (worker: PooledWorker, code: number | null, signal: NodeJS.Signals | null): void => {
    const was = worker.state;
    worker.state = 'gone';
    workers.splice(workers.indexOf(worker), 1);
    const lost = board.entries(worker.region);
    board.clear(worker.region);
    const why = wear.get(worker);
    wear.delete(worker);
    const isExpected = was === 'retiring' && code === 0;
    options.exited(isExpected ? (why ?? 'retired') : why === 'stalled' ? why : 'died');
    if (!isExpected) sayLost(worker, `ended with ${signal ?? `status ${code}`}`, lost);
    if (isExpected || Date.now() - worker.begun > longLife) {
      delay = firstDelay;
      fill();
    } else fillLater();
    waiters.look();
  };

  const sayLost = ({ pid }: PooledWorker, how: string, lost: readonly Entry[]): void => {
    const calls = lost.filter(({ channel }) => channel !== '');
    log.error(`worker ${pid} ${how}${calls.length > 0 ? `, and with it ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}` : ''}`);
    for (const { channel, script } of calls) log.of(`${channel} ${script}`).error('the call was lost with its worker');
  };

  fill();
  return {
    workers,
    get wanted() {
      return wanted();
    },
    ready: () => waiters.until(() => inState('serving').filter((worker) => worker.generation === generation).length >= wanted()),
    renew(next) {
      settings = next;
      generation += 1;
      fill();
    },
    handOn: handed.handOn,
    kill(worker) {
      wear.set(worker, 'stalled');
      worker.kill();
    },
    resume() {
      state = 'running';
      fill();
    },
    retire() {
      state = 'retiring';
      for (const worker of workers) retireOne(worker);
      handed.refuseAll();
      return waiters.until(() => workers.length === 0);
    },
  };
}

/** How many workers there should be. */
export function wantedWorkers({ fastagi }: Settings): number {
  return fastagi.workers || availableParallelism();
}

import { monotonic } from './monotonic';
import type { Where } from './observer-messages';
import type { Pool } from './pool';
import type { PooledWorker } from './pooled-worker';
import type { Porter } from './porter';
import type { Scoreboard } from './scoreboard';
import type { ServiceLog } from '../process/service-log';

/** Looks from outside whether workers still go round, and has the porter refuse calls if nobody else could. */
export interface Watchdog {
  /** Somebody calls: look often from now on. */
  wake(): void;
  /** Looks at once: who is refused may be served now. */
  look(): void;
  /** Workers whose event loop is held up, and for how long, in ms. */
  heldUp(): ReadonlyMap<PooledWorker, number>;
  stop(): void;
}

export interface WatchdogOptions {
  readonly pool: Pool;
  readonly board: Scoreboard;
  readonly porter: Porter;
  readonly log: ServiceLog;
  /** In force at this moment. */
  limits(): { readonly maxCalls: number; readonly workerStall: number; readonly slowCall: number };
  /** A call computes for longer than `slow_call`. */
  slow(): void;
  /** So many calls are there at this moment. */
  seen(active: number): void;
}

/** In ms: how often it looks while there are calls. */
const pause = 20;
/** In ms: an event loop that has not gone round for so long is held up. */
const longestTurn = 100;
/** In ms: if no worker goes round for so long, a call is refused rather than left in silence. */
const longestSilence = 1000;
/** In ms: a worker that is being started takes calls within that time; mostly within 150 ms. */
const longestStart = 3000;
/** In ms: so long behind the last call it stops looking. */
const idle = 1000;

export function createWatchdog({ pool, board, porter, log, limits, slow, seen }: WatchdogOptions): Watchdog {
  let timer: NodeJS.Timeout | undefined;
  let lastActive = 0;
  /** When a worker last could have taken a call. */
  let lastTaker = monotonic();
  /** Those whose place was asked for in this turn of theirs. */
  const asked = new WeakMap<PooledWorker, Promise<void>>();
  let turns: ReadonlyMap<PooledWorker, number> = new Map();
  let lastLook = monotonic();
  /** For how long nobody looked since a worker's last beat, in ms: all stood still then, as when a virtual machine is moved. */
  const stops = new WeakMap<PooledWorker, { readonly beat: number; readonly stopped: number }>();

  const look = (): void => {
    const now = monotonic();
    const headers = board.headers();
    const stopped = Math.max(0, now - lastLook - longestTurn);
    lastLook = now;
    lastTaker += stopped;
    let active = 0;
    for (const header of headers) active += header.active;
    const isBusy = headers.some(({ beat }) => beat > 0);
    turns = new Map(pool.workers.map((worker) => [worker, turnOf(worker, headers[worker.region]?.beat ?? 0, now, stopped)]));
    seen(active);
    watchTurns();
    const takers = pool.workers.filter((worker) => worker.state === 'serving' || worker.state === 'worn');
    if (takers.some((worker) => (turns.get(worker) ?? 0) < longestTurn)) lastTaker = now;
    porter.refuse(whyRefuse(active, now));
    pool.handOn();
    // Without anybody to take calls, somebody has to see to it that none is left in silence.
    if (isBusy || takers.length === 0) lastActive = now;
    else if (now - lastActive > idle) sleep();
  };

  /** How long an event loop has not gone round, in ms. */
  const turnOf = (worker: PooledWorker, beat: number, now: number, stopped: number): number => {
    const before = stops.get(worker);
    const all = (before?.beat === beat ? before.stopped : 0) + stopped;
    stops.set(worker, { beat, stopped: all });
    return beat > 0 ? Math.max(0, now - beat - all) : 0;
  };

  const whyRefuse = (active: number, now: number): 'max_calls' | 'stalled' | undefined => {
    if (active >= limits().maxCalls) return 'max_calls';
    const patience = pool.workers.some((worker) => worker.state === 'starting') ? longestStart : longestSilence;
    return now - lastTaker > patience ? 'stalled' : undefined;
  };

  const watchTurns = (): void => {
    const { workerStall, slowCall } = limits();
    for (const [worker, turn] of turns) {
      if (turn < longestTurn) asked.delete(worker);
      else if (workerStall > 0 && turn > 1000 * workerStall) void stalled(worker, workerStall);
      else if (slowCall > 0 && turn > 1000 * slowCall && !asked.has(worker)) {
        slow();
        asked.set(
          worker,
          sayWhere(worker, `computes for more than ${slowCall} s without a pause, and the other calls of worker ${worker.pid} wait`),
        );
      }
    }
  };

  const sayWhere = async (worker: PooledWorker, what: string): Promise<void> => {
    const where = await worker.where();
    log.of(where?.call ?? `worker ${worker.pid}`).warn(`${what}${where ? placeText(where) : ''}`);
  };

  const ended = new WeakSet<PooledWorker>();
  const stalled = async (worker: PooledWorker, seconds: number): Promise<void> => {
    if (ended.has(worker)) return;
    ended.add(worker);
    if (!asked.has(worker)) await sayWhere(worker, `computes for more than ${seconds} s without a pause (worker_stall)`);
    else await asked.get(worker);
    log.error(`worker ${worker.pid} has not gone on for ${seconds} s, and is ended (worker_stall)`);
    pool.kill(worker);
  };

  const sleep = (): void => {
    clearInterval(timer);
    timer = undefined;
    board.watch(false);
    // Somebody may have called just before it could have been seen that nobody looks.
    if (board.headers().some(({ beat }) => beat > 0)) wake();
  };

  const wake = (): void => {
    if (timer) return;
    lastActive = monotonic();
    // Nobody looked, as nobody called: nobody can have been held up.
    [lastTaker, lastLook] = [lastActive, lastActive];
    board.watch(true);
    timer = setInterval(look, pause);
  };

  return {
    wake,
    look,
    heldUp: () => new Map([...turns].filter(([, turn]) => turn > longestTurn)),
    stop() {
      clearInterval(timer);
    },
  };
}

function placeText({ frames }: Where): string {
  if (frames.length === 0) return '; it waits for the system, as in execSync or readFileSync';
  return `\n${frames.map((frame) => `    ${frame}`).join('\n')}`;
}

import type { Settings } from '../../config/settings';
import { lastDigits } from './last-digits';
import { acceptQueue, listenOverflows } from './kernel';
import type { Figures } from './figures';
import type { PooledWorker, WorkerState } from './pooled-worker';
import type { Listening } from './porter-messages';
import type { Scoreboard } from './scoreboard';
import type { Stats } from './tally';

/** How a service is, for `fastagi status`, for Prometheus, and for the page. */
export interface Status {
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  readonly state: ServiceState;
  /** In s. */
  readonly uptime: number;
  readonly listening: readonly string[];
  readonly calls: {
    readonly now: number;
    readonly most: number;
    /** `max_calls`. */
    readonly limit: number;
    /** `max_calls_per_peer`; 0: none. */
    readonly limitPerPeer: number;
    /** By FASTAGISTATUS. */
    readonly ended: Readonly<Record<string, number>>;
    readonly refused: Readonly<Record<string, number>>;
    /** In one go longer than `slow_call`. */
    readonly slow: number;
    readonly oldest: RunningCall | undefined;
  };
  /** Connections that wait to be accepted, and those that the kernel turned away since the machine began, from whomever. */
  readonly acceptQueue: { readonly now: number; readonly overflows: number };
  readonly workers: { readonly wanted: number; readonly limit: number; readonly all: readonly WorkerStatus[] };
}

export type ServiceState = 'starting' | 'ready' | 'draining';

/** A call, without what a caller would not want to be shown. */
export interface RunningCall {
  /** In s. */
  readonly age: number;
  readonly channel: string;
  readonly script: string;
  readonly peer: string;
}

/** How a worker is. */
export type ShownState = WorkerState | 'held up';

interface WorkerStatus {
  readonly pid: number | undefined;
  readonly state: ShownState;
  /** In s. */
  readonly age: number;
  readonly calls: number;
  /** Its own, in MB, when it told last. */
  readonly memory: number | undefined;
  /** How much later than it should its event loop went round, at most, when it told last, in ms. */
  readonly delay: number | undefined;
}

export interface StatusSource {
  readonly version: string;
  readonly begun: number;
  readonly figures: Figures;
  readonly board: Scoreboard;
  readonly listening: readonly Listening[];
  readonly regions: number;
  state(): ServiceState;
  settings(): Settings;
  wanted(): number;
  workers(): readonly PooledWorker[];
  heldUp(worker: PooledWorker): boolean;
  /** What each worker told last. */
  told(worker: PooledWorker): Stats | undefined;
  /** Calls that were refused while no worker could. */
  refusedByPorter(): Readonly<Record<string, number>>;
}

/** @param calls those of all workers at this moment */
export function statusOf(source: StatusSource, calls = runningCalls(source)): Status {
  const { figures, board, listening } = source;
  const { fastagi } = source.settings();
  const headers = board.headers();
  return {
    version: source.version,
    node: process.version,
    pid: process.pid,
    state: source.state(),
    uptime: seconds(Date.now() - source.begun),
    listening: listening.map(addressText),
    calls: {
      now: headers.reduce((sum, { active }) => sum + active, 0),
      most: figures.mostCalls,
      limit: fastagi.maxCalls,
      limitPerPeer: fastagi.maxCallsPerPeer,
      ended: byStatus(figures.calls),
      refused: refusals(source),
      slow: figures.slowCalls,
      oldest: calls.toSorted((one, other) => other.age - one.age)[0],
    },
    acceptQueue: { now: acceptQueue(listening.map(({ port }) => port)), overflows: listenOverflows() },
    workers: {
      wanted: source.wanted(),
      limit: source.regions,
      all: source.workers().map((worker) => {
        const told = source.told(worker);
        return {
          pid: worker.pid,
          state: source.heldUp(worker) ? 'held up' : worker.state,
          age: seconds(Date.now() - worker.begun),
          calls: headers[worker.region]?.active ?? 0,
          memory: told && Math.round(told.memory / 1_048_576),
          delay: told && Math.round(told.delay),
        };
      }),
    },
  };
}

/** The calls of all workers, as the scoreboard has them. */
export function runningCalls({ board, workers }: Pick<StatusSource, 'board' | 'workers'>): RunningCall[] {
  const now = Date.now();
  return workers().flatMap(({ region }) =>
    board.entries(region).map(({ begun, peer, channel, script }) => ({
      age: seconds(now - begun),
      channel: lastDigits(channel),
      script,
      peer,
    })),
  );
}

export function refusals({ figures, refusedByPorter }: Pick<StatusSource, 'figures' | 'refusedByPorter'>): Record<string, number> {
  const all = new Map(figures.refused);
  for (const [reason, count] of Object.entries(refusedByPorter())) all.set(reason, (all.get(reason) ?? 0) + count);
  return Object.fromEntries([...all].filter(([, count]) => count > 0));
}

export function addressText({ address, port }: Listening): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function byStatus(calls: ReadonlyMap<string, number>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of calls) {
    const status = key.slice(key.indexOf('\0') + 1);
    sums[status] = (sums[status] ?? 0) + count;
  }
  return sums;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

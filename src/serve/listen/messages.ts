import type { Environment } from '../../agi/wire/environment-reader';
import type { Settings } from '../../config/settings';
import type { LogStyle } from '../process/service-log';
import type { Stats } from './tally';

/** The descriptors that a worker inherits; its listening sockets follow, but for one on standard input, which stays there. */
export const inherited = { scoreboard: 4, observer: 5, firstSocket: 6 };

/** What a worker is started with. */
export interface WorkerStart {
  readonly kind: 'start';
  readonly settings: Settings;
  /** Its place in the scoreboard, and how many places that has. */
  readonly region: number;
  readonly regions: number;
  /** Its listening sockets' descriptors. */
  readonly sockets: readonly number[];
  /** How lines of the log look. */
  readonly log: LogStyle;
}

/** From the master to a worker. */
export type ToWorker =
  | WorkerStart
  /** Takes no further calls, finishes those it has, and ends. */
  | { readonly kind: 'retire' }
  /** Ends its calls as hung up; those that wait for an application are let go. */
  | { readonly kind: 'hangUp' }
  /** A call comes with it, whose request another worker has read. */
  | { readonly kind: 'call'; readonly request: HandedRequest };

/** From a worker to the master. */
export type ToMaster =
  | { readonly kind: 'ready' }
  /** It has a call, while the master looked seldom. */
  | { readonly kind: 'awake' }
  /** It is to be replaced. */
  | { readonly kind: 'worn'; readonly why: Wear }
  | { readonly kind: 'figures'; readonly stats: Stats }
  /** A call comes with it, for a worker that has not loaded what has changed since. */
  | { readonly kind: 'call'; readonly request: HandedRequest };

/** Why a worker is to be replaced: it has served `worker_calls`, or takes more than `worker_memory`, or a file that it has loaded has changed. */
export type Wear = 'calls' | 'memory' | 'changed';

/** Why a worker ended: as it should, since it was worn, by itself, or as it was stuck. */
export type ExitReason = Wear | 'retired' | 'died' | 'stalled';

/** A request that was received, apart from what can be made of it again. */
export interface HandedRequest extends Environment {
  readonly begun: number;
  readonly proxied: string | undefined;
}

import { bounds, emptyHistogram, record, type Histogram } from './histogram';

/** A call that failed, for whoever looks. */
export interface FailedCall {
  /** In ms since 1970. */
  readonly at: number;
  readonly script: string;
  readonly status: string;
  readonly reason: string;
}

/** What a worker has counted since it last told. */
export interface Stats {
  /** Calls that ended, by script and FASTAGISTATUS: `script\0STATUS`. A script is a file below basedir, or empty. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that were refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly durations: Histogram;
  /** From the connection to the first command. */
  readonly firstCommands: Histogram;
  /** By command. */
  readonly commands: Readonly<Record<string, Histogram>>;
  readonly failures: readonly FailedCall[];
  /** How much later than it should the event loop went round, at most, in ms. */
  readonly delay: number;
  /** Memory that no other process shares, in bytes. */
  readonly memory: number;
}

export interface Tally {
  /** @param seconds how long it lasted */
  ended(script: string, status: string, seconds: number): void;
  failed(failure: FailedCall): void;
  refused(reason: string): void;
  firstCommand(seconds: number): void;
  command(name: string, seconds: number): void;
  delayed(ms: number): void;
  /** What was counted since the last time; undefined if nothing was. */
  take(memory: () => number): Stats | undefined;
}

/** So many failed calls are told at a time. */
const mostFailures = 20;

export function createTally(): Tally {
  let isEmpty = true;
  let counted = nothing();
  const add = (counts: Record<string, number>, key: string): void => {
    isEmpty = false;
    counts[key] = (counts[key] ?? 0) + 1;
  };
  return {
    ended(script, status, seconds) {
      add(counted.calls, `${script}\0${status}`);
      record(counted.durations, bounds.call, seconds);
    },
    failed(failure) {
      if (counted.failures.push(failure) > mostFailures) counted.failures.shift();
    },
    refused: (reason) => add(counted.refused, reason),
    firstCommand: (seconds) => record(counted.firstCommands, bounds.first, seconds),
    command: (name, seconds) => record((counted.commands[name] ??= emptyHistogram(bounds.command)), bounds.command, seconds),
    delayed(ms) {
      counted.delay = Math.max(counted.delay, ms);
    },
    take(memory) {
      if (isEmpty) return undefined;
      const stats = { ...counted, memory: memory() };
      counted = nothing();
      isEmpty = true;
      return stats;
    },
  };
}

function nothing() {
  return {
    calls: Object.create(null) as Record<string, number>,
    refused: Object.create(null) as Record<string, number>,
    durations: emptyHistogram(bounds.call),
    firstCommands: emptyHistogram(bounds.first),
    commands: Object.create(null) as Record<string, Histogram>,
    failures: [] as FailedCall[],
    delay: 0,
  };
}

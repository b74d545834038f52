import { addTo, bounds, emptyHistogram, type Histogram } from './histogram';
import type { FailedCall, Stats } from './tally';

/** What all workers have counted since the service began. */
export interface Figures {
  /** By script and FASTAGISTATUS: `script\0STATUS`. */
  readonly calls: Map<string, number>;
  /** By reason. */
  readonly refused: Map<string, number>;
  readonly durations: Histogram;
  readonly firstCommands: Histogram;
  readonly commands: Map<string, Histogram>;
  /** Workers that ended, by reason. */
  readonly exits: Map<string, number>;
  /** The last ones, the newest last. */
  readonly failures: FailedCall[];
  /** Calls that computed for longer than `slow_call` in one go. */
  slowCalls: number;
  /** The most calls at once so far. */
  mostCalls: number;
}

const mostFailures = 20;

export function createFigures(): Figures {
  return {
    calls: new Map(),
    refused: new Map(),
    durations: emptyHistogram(bounds.call),
    firstCommands: emptyHistogram(bounds.first),
    commands: new Map(),
    exits: new Map(),
    failures: [],
    slowCalls: 0,
    mostCalls: 0,
  };
}

export function addStats(figures: Figures, stats: Stats): void {
  for (const [key, count] of Object.entries(stats.calls)) addCount(figures.calls, key, count);
  for (const [reason, count] of Object.entries(stats.refused)) addCount(figures.refused, reason, count);
  for (const [name, histogram] of Object.entries(stats.commands)) {
    const all = figures.commands.get(name) ?? emptyHistogram(bounds.command);
    addTo(all, histogram);
    figures.commands.set(name, all);
  }
  addTo(figures.durations, stats.durations);
  addTo(figures.firstCommands, stats.firstCommands);
  figures.failures.push(...stats.failures);
  figures.failures.splice(0, figures.failures.length - mostFailures);
}

export function addCount(counts: Map<string, number>, key: string, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

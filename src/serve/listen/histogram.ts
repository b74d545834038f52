/** Times in classes, as Prometheus counts them. */
export interface Histogram {
  /** So many were at most as long as each of the bounds, and not as long as the one before; the last number is those beyond all. */
  readonly counts: number[];
  /** Of all, in s. */
  sum: number;
}

/** In s. */
export const bounds = {
  call: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800],
  first: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
  command: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
} as const;

export function emptyHistogram(of: readonly number[]): Histogram {
  return { counts: Array.from({ length: of.length + 1 }, () => 0), sum: 0 };
}

export function record(histogram: Histogram, of: readonly number[], seconds: number): void {
  let at = 0;
  while (at < of.length && seconds > (of[at] as number)) at += 1;
  histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
  histogram.sum += seconds;
}

/** Adds what another process has counted. */
export function addTo(all: Histogram, more: Histogram): void {
  for (const [at, count] of more.counts.entries()) all.counts[at] = (all.counts[at] ?? 0) + count;
  all.sum += more.sum;
}

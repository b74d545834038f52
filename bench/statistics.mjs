// What many measurements say together.

/** The median, and an interval in which the true one lies in 95 of 100 cases: by ranks, so that nothing is assumed of how they are spread. */
export function summaryOf(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const count = sorted.length;
  const spread = 1.96 * Math.sqrt(count);
  const at = (rank) => sorted[Math.min(count, Math.max(1, rank)) - 1];
  return { median: median(sorted), low: at(Math.floor((count - spread) / 2)), high: at(Math.ceil(1 + (count + spread) / 2)) };
}

/** Each round's own ratio, which a drifting machine disturbs least. */
export function ratiosOf(values, base) {
  return values.map((value, round) => value / base[round]);
}

function median(sorted) {
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

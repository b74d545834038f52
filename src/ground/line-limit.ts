/** What every Asterisk takes: 2,047 bytes, the newline included. */
const short = 2047;
const long = 8191;

/** The first minor release of each branch that takes the long line. */
const firstLong = new Map([
  [20, 16],
  [21, 11],
  [22, 6],
]);

/**
 * How long a command line may be, in bytes, its newline included, for the Asterisk that names this `agi_version`.
 * A longer line would be cut, and its tail taken for a command of its own.
 */
export function lineLimit(version: string | undefined): number {
  const [first, second] = (version ?? '').split('.');
  if (!first || !second) return short;
  const major = Number(first);
  const since = firstLong.get(major);
  if (since === undefined) return major > 22 ? long : short;
  return parseInt(second, 10) >= since ? long : short;
}

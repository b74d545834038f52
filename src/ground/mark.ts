/** The world's own, whatever a recording gives a script. */
const { random } = Math;

/** A mark that nobody outside this process can foresee; seeded by the kernel at each start, and cheap. */
export function createMark(chance = random): string {
  const digits = (): string => chance().toString(36).slice(2).padEnd(10, '0');
  return `fastagi-${digits()}${digits()}`;
}

/** A mark that nobody outside this process can foresee; seeded by the kernel at each start, and cheap. */
export function createMark(): string {
  const digits = (): string => Math.random().toString(36).slice(2).padEnd(10, '0');
  return `fastagi-${digits()}${digits()}`;
}

/** The command that answers its own text: with it both ends get back into step. */
export const probeLine = (mark: string): string => `GET FULL VARIABLE "${mark}"\n`;

export const probeAnswer = (mark: string): string => `200 result=1 (${mark})`;

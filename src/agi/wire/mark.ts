/** The command that answers its own text: with it both ends get back into step. */
export const probeLine = (mark: string): string => `GET FULL VARIABLE "${mark}"\n`;

export const probeAnswer = (mark: string): string => `200 result=1 (${mark})`;

/** Whether a line is a probe, of the command before it. */
export function isProbe(line: string): boolean {
  return /^GET FULL VARIABLE "fastagi-[0-9a-z]+"$/.test(line);
}

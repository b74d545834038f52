import { readFileSync } from 'node:fs';
import { dist } from './package-directory';

/** The executable that `fastagi prepare --bun` makes, and beside it what it was made of. */
export const bunProgram = `${dist}/fastagi-bun`;
export const bunRecord = `${bunProgram}.json`;

/** Whether this process is that program. */
export const isBunProgram = (): boolean => process.execPath === bunProgram;

/** What the record says. */
export interface BunRecord {
  /** Bun's version. */
  readonly bun: string;
  /** Which build of this package. */
  readonly build: string;
}

/** What is known of the executable. */
export interface BunBuild {
  readonly version: string;
  /** Whether it was made of this very package. */
  readonly fits: boolean;
}

/** Which build of this package lies here. */
export function buildId(): string {
  return readFileSync(`${dist}/build-id`, 'latin1');
}

/** Undefined if there is no such executable. */
export function bunBuild(): BunBuild | undefined {
  try {
    const { bun, build } = JSON.parse(readFileSync(bunRecord, 'utf8')) as BunRecord;
    return { version: bun, fits: build === buildId() };
  } catch {
    return undefined;
  }
}

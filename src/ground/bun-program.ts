import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dist, packageDirectory } from './package-directory';

/** The executable that `fastagi prepare --bun` makes, and beside it what it was made of. */
export const bunProgram = bunProgramOf(packageDirectory);
export const bunRecord = `${bunProgram}.json`;

/**
 * Beside an installed package, since an update takes away whatever stands in it, and beside the `node_modules` that hold it, since npm takes
 * what stands there for packages. A checkout has it among what is built.
 */
export function bunProgramOf(directory: string): string {
  if (existsSync(join(directory, 'src'))) return join(directory, 'dist/fastagi-bun');
  const beside = dirname(directory);
  return join(basename(beside) === 'node_modules' ? dirname(beside) : beside, 'fastagi-bun');
}

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

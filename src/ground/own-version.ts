import { readFileSync } from 'node:fs';
import { packageDirectory } from './package-directory';

/** The version of this package. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(`${packageDirectory}/package.json`, 'utf8')) as { version: string }).version;
}

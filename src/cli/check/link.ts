import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageDirectory } from '../../ground/package-directory';

/** npm takes away what stands in node_modules and not in package.json: scripts could not import `fastagi` any more. */
export function linkWarnings(basedir: string): string[] {
  if (!existsSync(join(basedir, 'node_modules/fastagi')) || isNamed(join(basedir, 'package.json'))) return [];
  return [
    `npm install in ${basedir} would take fastagi away from the scripts, as its package.json does not name it: cd ${basedir} && npm install ${packageDirectory}`,
  ];
}

function isNamed(manifest: string): boolean {
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: object };
    return Object.hasOwn(dependencies, 'fastagi');
  } catch {
    return false;
  }
}

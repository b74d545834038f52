import { accessSync, constants, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { packageDirectory } from '../../ground/package-directory';
import type { SystemFacts } from './xinetd-attributes';

/** Of the machine, or of the system below a directory. */
export function factsOf(root = '/'): SystemFacts {
  const ports = parseServices(readOr(join(root, 'etc/services')));
  const users = namesIn(readOr(join(root, 'etc/passwd')));
  const groups = namesIn(readOr(join(root, 'etc/group')));
  const at = (path: string): string => join(root, path);
  return {
    portOf: (name) => ports.get(name),
    isUser: (name) => users.has(name),
    isGroup: (name) => groups.has(name),
    isExecutable: (path) => path.startsWith('/') && mayAccess(at(path), constants.X_OK),
    program: process.argv[1] ?? join(packageDirectory, 'bin/fastagi'),
    resolve(path) {
      try {
        return realpathSync(at(path));
      } catch {
        return at(path);
      }
    },
  };
}

/** The ports of TCP by their names, other names included; the first line of a name counts. @see services(5) */
function parseServices(text: string): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name = '', place = '', ...others] = line.replace(/#.*/, '').split(/\s+/);
    const port = /^(\d+)\/tcp$/.exec(place)?.[1];
    if (port === undefined) continue;
    for (const one of [name, ...others]) if (one !== '' && !ports.has(one)) ports.set(one, Number(port));
  }
  return ports;
}

/** The file's text; nothing if it is not there or may not be read. */
export function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The names in a directory, in order; none if it is not there or may not be read. */
export function listOr(path: string): string[] {
  try {
    return readdirSync(path).toSorted();
  } catch {
    return [];
  }
}

/** @param how of node:fs's constants: `X_OK`, `W_OK` */
export function mayAccess(path: string, how: number): boolean {
  try {
    accessSync(path, how);
    return true;
  } catch {
    return false;
  }
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').map((line) => line.split(':')[0] ?? ''));
}

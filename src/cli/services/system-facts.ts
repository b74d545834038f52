import { accessSync, constants, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { bunBuild, bunProgram, type BunBuild } from '../../ground/bun-program';
import { ownFiles } from '../../ground/own-command';
import { packageDirectory } from '../../ground/package-directory';

/** What the files of a super-server are checked against. */
export interface SystemFacts {
  /** The port of a name in /etc/services. */
  portOf(name: string): number | undefined;
  isUser(name: string): boolean;
  isGroup(name: string): boolean;
  /** Whether this is there, and may be executed; a directory counts, as it does for xinetd. */
  isExecutable(path: string): boolean;
  /** Where this fastagi lies, links followed. */
  readonly program: string;
  /** Where the one is that `fastagi prepare --bun` makes, and what that was made of, if it is there. */
  readonly bunProgram: string;
  readonly bun: BunBuild | undefined;
  /** The path with its links followed; itself if it is not there. */
  resolve(path: string): string;
}

/** Of the machine, or of the system below a directory. */
export function factsOf(root = '/'): SystemFacts {
  const ports = parseServices(readOr(join(root, 'etc/services')));
  const users = new Set(accountRows('passwd', root).map(([name]) => name));
  const groups = new Set(accountRows('group', root).map(([name]) => name));
  const at = (path: string): string => join(root, path);
  return {
    portOf: (name) => ports.get(name),
    isUser: (name) => users.has(name),
    isGroup: (name) => groups.has(name),
    isExecutable: (path) => path.startsWith('/') && mayAccess(at(path), constants.X_OK),
    program: ownFiles()[0] ?? join(packageDirectory, 'bin/fastagi'),
    bunProgram,
    bun: bunBuild(),
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

/** The fields of each line. @param root the system's */
export function accountRows(file: 'passwd' | 'group', root: string): readonly (readonly string[])[] {
  return readOr(join(root, 'etc', file))
    .split('\n')
    .map((line) => line.split(':'));
}

import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { program, runtime } from '../../support/super-server';

/** The files of a machine with xinetd. */
export const withXinetd = { '/usr/sbin/xinetd': '', '/etc/xinetd.d/time': 'service time\n{\n disable = yes\n}\n' };

function fastagi(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(runtime, [program, ...args], { encoding: 'utf8', input: '' });
  return { status, stdout, stderr };
}

export const install = (root: string, ...args: string[]) => fastagi('install', '--root', root, ...args);
export const uninstall = (root: string, ...args: string[]) => fastagi('uninstall', '--root', root, ...args);

/** Node's own would go on behind symbolic links, one of which leads to this project. */
function namesBelow(root: string, within = ''): string[] {
  return readdirSync(join(root, within), { withFileTypes: true }).flatMap((entry) => {
    const name = join(within, entry.name);
    return entry.isDirectory() ? [name, ...namesBelow(root, name)] : [name];
  });
}

/** Every path in a tree, and what it holds. */
export function contents(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of namesBelow(root)) {
    const path = join(root, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(path)}`;
    else found[name] = stat.isFile() ? readFileSync(path, 'utf8') : 'directory';
  }
  return found;
}

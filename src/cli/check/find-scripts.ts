import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { extensionOf, isTest } from '../../script/extension';
import { scriptExtensions } from '../../script/locate';
import { isMeantAsProgram } from '../../script/program';

/** What lies below basedir: scripts by their names there, and lines on what could not be looked at. */
export interface FoundScripts {
  readonly scripts: string[];
  readonly problems: string[];
  readonly warnings: string[];
}

/** The scripts below basedir, in order; none where there is no such directory. A directory that is reached by links as well is looked at once. */
export function findScripts(basedir: string): FoundScripts {
  const found: FoundScripts = { scripts: [], problems: [], warnings: [] };
  if (!isDirectory(basedir)) return found;
  const base = realpathSync.native(basedir);
  const look = (below: string): void => {
    let entries;
    try {
      entries = readdirSync(join(base, below), { withFileTypes: true });
    } catch (error) {
      found.problems.push(`${join(basedir, below)}: ${(error as Error).message}; look at its owner and mode`);
      return;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || isTest(entry.name)) continue;
      const name = join(below, entry.name);
      if (entry.isDirectory()) look(name);
      else if (entry.isSymbolicLink() && isDirectory(join(base, name))) found.warnings.push(...linkWarning(base, name));
      else if (scriptExtensions.includes(extensionOf(name)) || isExecutable(join(base, name))) found.scripts.push(name);
      else if (entry.isFile() && isMeantAsProgram(join(base, name)))
        found.warnings.push(`${name} has no execute bit, and cannot be called; if it is a program: chmod +x ${join(basedir, name)}`);
    }
  };
  look('');
  found.scripts.sort();
  return found;
}

/** False too for what is not there, may not be looked at, or is a link that leads nowhere. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Programs in other languages have the execute bit. */
function isExecutable(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() && (stat.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** What such a link leads to inside basedir is listed by its own name. */
function linkWarning(base: string, name: string): string[] {
  const target = realpathSync.native(join(base, name));
  if (`${target}/`.startsWith(base === '/' ? '/' : `${base}/`)) return [];
  return [`${name} leads out of basedir, to ${target}: the scripts there are refused; move them below basedir`];
}

import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { scriptExtensions } from '../script/locate';

/** The scripts below basedir, by their names there, in order. Directories that cannot be read are given apart. */
export function findScripts(basedir: string): { scripts: string[]; unreadable: string[] } {
  const scripts: string[] = [];
  const unreadable: string[] = [];
  const look = (below: string): void => {
    let entries;
    try {
      entries = readdirSync(join(basedir, below), { withFileTypes: true });
    } catch (error) {
      unreadable.push(`${join(basedir, below)}: ${(error as Error).message}`);
      return;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const name = join(below, entry.name);
      if (entry.isDirectory()) look(name);
      else if (scriptExtensions.includes(extname(name)) && !isLinkedDirectory(join(basedir, name))) scripts.push(name);
    }
  };
  look('');
  return { scripts: scripts.sort(), unreadable };
}

function isLinkedDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

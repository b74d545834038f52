import { appendFileSync, chmodSync, chownSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { dirname, join } from 'node:path';
import { readOr } from '../services/system-facts';
import type { Change, Effect, Owner } from './change';
import { digestOf, type PutChange } from './record';

/** Makes a change. Gives what was put there. @param root the system's @param saved how to call what is replaced; undefined if it needs not be kept */
export function apply(change: Change, effect: Effect, root: string, saved: string | undefined): PutChange[] {
  if (effect.what === 'nothing') return [];
  const path = join(root, change.path);
  const made = makeDirectories(dirname(change.path), root);
  if (change.kind === 'directory') {
    mkdirSync(path);
    own(path, change.mode, change.owner, root);
    return [...made, { kind: 'directory', path: change.path }];
  }
  if (change.kind === 'link') {
    rmSync(path, { force: true });
    symlinkSync(change.target, path);
    return [...made, { kind: 'link', path: change.path, target: change.target }];
  }
  if (change.kind === 'line') {
    const isOpen = effect.before !== '' && !effect.before.endsWith('\n');
    appendFileSync(path, `${isOpen ? '\n' : ''}${change.line}\n`);
    return [...made, { kind: 'line', path: change.path, line: change.line }];
  }
  const isKept = effect.what === 'replaces' && saved !== undefined;
  if (isKept) copyFileSync(path, `${path}.${saved}`);
  writeFileSync(path, change.text);
  own(path, change.mode, change.owner, root);
  return [...made, { kind: 'file', path: change.path, digest: digestOf(change.text), ...(isKept && { saved: `${change.path}.${saved}` }) }];
}

/** Those that are missing on the way. */
function makeDirectories(path: string, root: string): PutChange[] {
  const first = mkdirSync(join(root, path), { recursive: true, mode: 0o755 });
  if (first === undefined) return [];
  const made: PutChange[] = [];
  for (let at = path; join(root, at).length >= first.length; at = dirname(at)) made.unshift({ kind: 'directory', path: at });
  return made;
}

/** Whoever is not root can give nothing away: a packager's tree is its own. */
function own(path: string, mode: number, { user, group }: Owner, root: string): void {
  chmodSync(path, mode);
  if (process.geteuid?.() === 0) chownSync(path, idOf('passwd', user, root), idOf('group', group, root));
}

function idOf(file: 'passwd' | 'group', name: string | undefined, root: string): number {
  const lines = readOr(join(root, 'etc', file)).split('\n');
  return Number(lines.map((line) => line.split(':')).find(([known]) => known === name)?.[2] ?? 0);
}

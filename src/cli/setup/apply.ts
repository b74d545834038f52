import { copyFileSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Change, Effect } from './change';
import { withLines } from './lines';
import { editFile, putDirectory, putFile } from './put';
import { digestOf, type PutChange } from './record';

/** Makes a change. Gives what was put there. @param root the system's @param saved how to call what is replaced; undefined if it needs not be kept */
export function apply(change: Change, effect: Effect, root: string, saved: string | undefined): PutChange[] {
  if (effect.what === 'nothing') return [];
  const path = join(root, change.path);
  const made = makeDirectories(dirname(change.path), root);
  if (change.kind === 'directory') {
    putDirectory(path, { mode: change.mode, owner: change.owner, root });
    return [...made, { kind: 'directory', path: change.path }];
  }
  if (change.kind === 'link') {
    if (effect.what === 'replaces') unlinkSync(path);
    symlinkSync(change.target, path);
    return [...made, { kind: 'link', path: change.path, target: change.target }];
  }
  if (change.kind === 'line') {
    editFile(path, (text) => withLines(text, change.line, change.below));
    return [...made, { kind: 'line', path: change.path, line: change.line }];
  }
  const isKept = effect.what === 'replaces' && saved !== undefined;
  if (isKept) copyFileSync(path, `${path}.${saved}`);
  putFile(path, change.text, effect.what === 'replaces', { mode: change.mode, owner: change.owner, root });
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

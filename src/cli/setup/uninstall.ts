import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandEnd } from '../start';
import { withoutLines } from './lines';
import { onlyAsRoot } from './only-as-root';
import { editFile } from './put';
import { digestOf, readRecord, removeRecord, type PutChange } from './record';
import { forgetCommands, reloadLine, runAll, stopCommands } from './reload';

export interface UninstallOptions {
  readonly dryRun: boolean;
  /** Takes away files that were changed since, too. */
  readonly force: boolean;
  readonly root: string;
}

/** `fastagi uninstall`: takes back what `fastagi install` put there, and nothing else. */
export function uninstall({ dryRun, force, root }: UninstallOptions, say: (line: string) => void): CommandEnd {
  if (!dryRun) onlyAsRoot('uninstall', root);
  const record = readRecord(root);
  if (!record) return { status: 0, out: ['Nothing to take back: fastagi install has put nothing here.'] };
  const isOwn = root === '/';
  if (isOwn && !dryRun) for (const done of runAll(stopCommands(record.superServer))) say(reloadLine(done));
  const gone = new Set<string>();
  for (const put of record.changes.toReversed()) {
    const problem = reasonToKeep(put, force, root, gone);
    if (problem === undefined && put.kind !== 'line') gone.add(put.path);
    if (problem === undefined && !dryRun) takeBack(put, root);
    if (put.kind !== 'prepared')
      say(problem === undefined ? `${dryRun ? 'would take back' : 'taken back'}: ${nameOf(put)}` : `kept: ${put.path}: ${problem}`);
  }
  if (dryRun) return { status: 0, out: ['Nothing was changed (--dry-run).'] };
  removeRecord(root);
  if (isOwn) for (const done of runAll(forgetCommands(record.superServer))) say(reloadLine(done));
  return { status: 0 };
}

/** Undefined if nobody has touched it since, or if it is gone. */
function reasonToKeep(put: PutChange, force: boolean, root: string, gone: ReadonlySet<string>): string | undefined {
  const path = join(root, put.path);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there) return undefined;
  if (put.kind === 'directory') {
    return there.isDirectory() && readdirSync(path).every((name) => gone.has(join(put.path, name))) ? undefined : 'it holds something else';
  }
  if (put.kind === 'link') return there.isSymbolicLink() && readlinkSync(path) === put.target ? undefined : 'it leads elsewhere now';
  if (put.kind === 'line' || put.kind === 'prepared') return undefined;
  return force || (there.isFile() && digestOf(readFileSync(path, 'utf8')) === put.digest)
    ? undefined
    : 'it was changed since; --force removes it';
}

function takeBack(put: PutChange, root: string): void {
  const path = join(root, put.path);
  if (!lstatSync(path, { throwIfNoEntry: false })) return;
  if (put.kind === 'directory') rmdirSync(path);
  else if (put.kind === 'file' && put.saved !== undefined && existsSync(join(root, put.saved))) renameSync(join(root, put.saved), path);
  else if (put.kind !== 'line') rmSync(path);
  else editFile(path, (text) => withoutLines(text, put.line));
}

function nameOf(put: PutChange): string {
  return put.kind === 'line' ? `a line of ${put.path}: ${put.line.split('\n').join(', ')}` : put.path;
}

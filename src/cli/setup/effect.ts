import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readOr } from '../services/system-facts';
import { ConfigError } from '../../ground/errors';
import type { Change, Effect } from './change';
import { hasLines } from './lines';

/** What a change would do to the system below `root`. @throws ConfigError if something of another kind stands in its place */
export function effectOf(change: Change, root: string): Effect {
  const path = join(root, change.path);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there && isElsewhere(change, root)) return { what: 'nothing' };
  if (!there) return { what: 'adds', before: '' };
  if (change.kind === 'directory')
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? { what: 'nothing' } : inTheWay(change.path, 'no directory');
  if (change.kind === 'link') {
    if (!there.isSymbolicLink())
      return change.path.endsWith('/node_modules/fastagi') ? { what: 'nothing' } : inTheWay(change.path, 'no link');
    const target = readlinkSync(path);
    return target === change.target ? { what: 'nothing' } : { what: 'replaces', before: target };
  }
  if (change.kind === 'line') {
    const before = readFileSync(path, 'utf8');
    return hasLines(before, change.line) ? { what: 'nothing' } : { what: 'adds', before };
  }
  if (change.isUsers) return { what: 'nothing' };
  if (!there.isFile()) return inTheWay(change.path, 'no file');
  const before = readFileSync(path, 'utf8');
  return before === change.text ? { what: 'nothing' } : { what: 'replaces', before };
}

function isElsewhere(change: Change, root: string): boolean {
  return change.kind === 'file' && change.elsewhere !== undefined && readOr(join(root, change.elsewhere)) === change.text;
}

function inTheWay(path: string, what: string): never {
  throw new ConfigError('FASTAGI_SETUP', `${path} is ${what}: move it away, and install again`);
}

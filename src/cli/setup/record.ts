import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../ground/errors';
import type { SuperServer } from './plan';

/** What was put into the system, for `fastagi uninstall`, in the order in which it was put there. */
export interface SetupRecord {
  readonly superServer: SuperServer;
  readonly changes: readonly PutChange[];
}

export type PutChange =
  /** `saved` is what stood there before. */
  | { readonly kind: 'file'; readonly path: string; readonly digest: string; readonly saved?: string | undefined }
  | { readonly kind: 'line'; readonly path: string; readonly line: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'directory'; readonly path: string }
  /** What `fastagi prepare` keeps beside the program. */
  | { readonly kind: 'prepared'; readonly path: string };

const file = '/var/lib/fastagi/install.json';

/** Undefined if nothing was installed. @param root the system's @throws ConfigError if the file makes no sense */
export function readRecord(root: string): SetupRecord | undefined {
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as SetupRecord;
  } catch (cause) {
    throw new ConfigError('FASTAGI_SETUP', `${file} is damaged: ${(cause as Error).message}; move it away, and install again`, { cause });
  }
}

/** What was put there now, behind what was put there before. */
export function writeRecord(root: string, { superServer, changes }: SetupRecord): void {
  const known = readRecord(root)?.changes ?? [];
  const isNew = (old: PutChange): boolean => !changes.some((one) => one.path === old.path && one.kind === old.kind);
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const all = [...known.filter(isNew), ...changes.map((change) => withFirst(change, known))];
  writeFileSync(path, `${JSON.stringify({ superServer, changes: all }, undefined, 2)}\n`);
}

/** What stood there before the first of our files goes on being what uninstall brings back. */
function withFirst(change: PutChange, known: readonly PutChange[]): PutChange {
  if (change.kind !== 'file') return change;
  const first = known.find((one) => one.kind === 'file' && one.path === change.path);
  return first?.kind === 'file' ? { ...change, saved: first.saved } : change;
}

export function removeRecord(root: string): void {
  const path = join(root, file);
  rmSync(path, { force: true });
  // Failed calls' mails are counted there, too.
  if (readdirSync(dirname(path)).length === 0) rmdirSync(dirname(path));
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOwnDirectory } from '../../ground/own-directory';
import { countsOf, makeCounts } from './counts';

const hour = 3_600_000;
const mostAnHour = 5;

/**
 * Whether one more mail on this kind of error may be sent, and how many were held back before it; undefined where it is
 * held back. Counted in files, as each call is a process of its own.
 */
export function mayMail(kind: string, dir = ownDirectory()): { heldBack: number } | undefined {
  const base = join(dir, createHash('sha256').update(kind).digest('hex').slice(0, 32));
  for (let slot = 0; slot < mostAnHour; slot++) {
    if (takeSlot(`${base}-${slot}`)) return { heldBack: takeHeldBack(`${base}-held`) };
  }
  // A byte for each.
  appendFileSync(`${base}-held`, '.');
  return undefined;
}

/** Of several processes only one creates the file; one that is older than an hour is nobody's any more. */
function takeSlot(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs < hour) return false;
    const old = `${path}-${process.pid}`;
    renameSync(path, old);
    unlinkSync(old);
  } catch {
    // Not taken yet, or another process was faster.
  }
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}

function takeHeldBack(path: string): number {
  const taken = `${path}-${process.pid}`;
  try {
    renameSync(path, taken);
    const { size } = statSync(taken);
    unlinkSync(taken);
    return size;
  } catch {
    return 0;
  }
}

/** Root made one for this user, where it began the call; else one that nobody else can have put there. */
function ownDirectory(): string {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  if (uid === 0) makeCounts({ uid, gid });
  const counts = countsOf(uid);
  if (existsSync(counts)) {
    checkOwnDirectory(counts, uid);
    return counts;
  }
  const dir = join(tmpdir(), `fastagi-mails-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  checkOwnDirectory(dir, uid);
  return dir;
}

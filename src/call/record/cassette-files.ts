import { closeSync, constants, existsSync, openSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Settings } from '../../config/settings';
import { makeOwnDirectory, takeOwnDirectory, type Owner } from '../../ground/own-directory';
import type { Log } from '../../ground/log';

const cassetteEnd = '.cassette';
/** What a recording's name ends with until all of it is written: nobody reads half of one. */
const unfinishedEnd = `${cassetteEnd}.part`;

/** A user's recordings, within the directory of all. */
function nameOf(uid: number): string {
  return `calls-${uid}`;
}

/** For root before it becomes a user: makes the directory for this user's recordings. A call is served without one, too. */
export function prepareRecordings({ fastagi }: Settings, owner: Owner, log: Log): void {
  if (fastagi.record === undefined) return;
  try {
    makeOwnDirectory(absolute(fastagi.record), nameOf(owner.uid), owner);
  } catch (error) {
    log.warn(`calls are not recorded: ${whyNot(error, fastagi.record)}`);
  }
}

/**
 * Writes a recording whole, for its owner alone, and removes old ones. Throws where it cannot.
 * @param name the file's, without its end
 */
export function writeCassette({ fastagi }: Settings, name: string, text: string): void {
  const uid = process.geteuid?.() ?? 0;
  const directory = `${absolute(fastagi.record ?? '')}/${nameOf(uid)}`;
  takeOwnDirectory(directory, uid);
  const path = `${directory}/${name}${cassetteEnd}`;
  const unfinished = `${directory}/${name}${unfinishedEnd}`;
  // Nobody but this process makes this name.
  if (existsSync(path)) throw new Error(`${path} is there already`);
  const file = openSync(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, Buffer.from(text, 'latin1'));
    renameSync(unfinished, path);
  } catch (error) {
    // Half of it is no recording.
    remove(unfinished);
    throw error;
  } finally {
    closeSync(file);
  }
  const now = performance.now();
  if (now < nextCleaning) return;
  removeOld(directory, fastagi.recordKeep, fastagi.recordMax);
  nextCleaning = now + 100 * (performance.now() - now);
}

/** In ms since the process began: the longer it takes to look at all recordings, the more seldom a worker does. */
let nextCleaning = 0;

/** Why calls are not recorded. */
export function whyNot(error: unknown, directory: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `[fastagi] record ${directory} is not there; install -d -m 755 ${directory}` : `[fastagi] record: ${message}`;
}

function absolute(directory: string): string {
  const path = directory.replace(/\/$/, '');
  return path.startsWith('/') ? path : `${process.cwd()}/${path}`;
}

/** @param days older ones go @param most the oldest go until so many MB are left */
function removeOld(directory: string, days: number, most: number): void {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(cassetteEnd) || name.endsWith(unfinishedEnd))
    .map((name) => `${directory}/${name}`)
    .flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? { path, at: stat.mtimeMs, size: stat.size } : [];
    })
    .toSorted((one, other) => other.at - one.at);
  const oldest = Date.now() - days * 86_400_000;
  let left = most * 1_000_000;
  for (const { path, at, size } of files) {
    left -= size;
    if (at < oldest || left < 0) remove(path);
  }
}

/** Another process of this user's may have removed it. */
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone.
  }
}

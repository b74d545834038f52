import { constants, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/*
 * A nameless file in memory that master and workers share: each worker writes what it has into a region of its own, and whoever wants to know
 * reads it, whether that worker answers or not. A system call each, of a microsecond.
 */

/** A worker's figures, as others see them. */
interface Header {
  /** Calls and connections that it has. */
  readonly active: number;
  /** How many places for them it has used so far. */
  readonly places: number;
  /** When its event loop last went round, by `monotonic`; 0 while nothing of a call goes on. */
  readonly beat: number;
}

/** A call, as others see it. */
export interface Entry {
  /** In ms since 1970. */
  readonly begun: number;
  readonly peer: string;
  /** Empty until the request is known. */
  readonly channel: string;
  readonly script: string;
}

export interface Scoreboard {
  readonly descriptor: number;
  /** What each worker has, by its region. */
  headers(): Header[];
  /**
   * Calls and connections of all workers; whether the master looks often, which it need not if nobody calls; whether as many workers are alive as may be,
   * so that none can be replaced.
   */
  glance(): { readonly active: number; readonly isWatched: boolean; readonly isCrowded: boolean };
  /** The calls of one region. */
  entries(region: number): Entry[];
  watch(often: boolean): void;
  crowd(isCrowded: boolean): void;
  /** Empties the region of a worker that is gone. */
  clear(region: number): void;
  writeHeader(region: number, header: Header): void;
  /** @param entry none for a place that is free again */
  writeEntry(region: number, place: number, entry: Entry | undefined): void;
}

const headerSize = 16;
const entrySize = 256;
/** In bytes, from one worker's entries to the next one's; what was never written takes no memory. */
const regionSize = entrySize * 131_072;
const longest = { peer: 45, channel: 90, script: 100 };
const fields = Object.entries(longest) as [keyof typeof longest, number][];
const textsAt = 16;

/**
 * Opens a new one.
 * @param directory where the file is made, if not in memory
 * @param regions so many workers may be alive at once
 */
export function openScoreboard(directory: string, regions: number): Scoreboard {
  const descriptor = openNameless(['/dev/shm', directory, '/tmp']);
  ftruncateSync(descriptor, headerSize * (1 + regions));
  return scoreboardOn(descriptor, regions);
}

/** The same one, by the descriptor that a worker inherits. */
export function scoreboardOn(descriptor: number, regions: number): Scoreboard {
  const headersEnd = headerSize * (1 + regions);
  const all = Buffer.alloc(headersEnd);
  const one = Buffer.alloc(headerSize);
  const entry = Buffer.alloc(entrySize);
  const nothing = Buffer.alloc(8);
  const readAll = (): void => void readSync(descriptor, all, 0, headersEnd, 0);
  const setFlag = (at: number, isSet: boolean): void => {
    one.writeUInt32LE(isSet ? 1 : 0);
    writeSync(descriptor, one, 0, 4, at);
  };
  const placesOf = (region: number): number => {
    readSync(descriptor, one, 0, headerSize, headerSize * (1 + region));
    return one.readUInt32LE(4);
  };
  const entryAt = (region: number, place: number): number => headersEnd + region * regionSize + place * entrySize;
  return {
    descriptor,
    headers() {
      readAll();
      return Array.from({ length: regions }, (_, region) => headerIn(all, headerSize * (1 + region)));
    },
    glance() {
      readAll();
      let active = 0;
      for (let at = headerSize; at < headersEnd; at += headerSize) active += all.readUInt32LE(at);
      return { active, isWatched: all[0] === 1, isCrowded: all[4] === 1 };
    },
    entries(region) {
      const bytes = Buffer.alloc(entrySize * placesOf(region));
      const length = readSync(descriptor, bytes, 0, bytes.length, entryAt(region, 0));
      const found: Entry[] = [];
      for (let at = 0; at + entrySize <= length; at += entrySize) if (bytes.readDoubleLE(at) > 0) found.push(entryIn(bytes, at));
      return found;
    },
    watch: (often) => setFlag(0, often),
    crowd: (isCrowded) => setFlag(4, isCrowded),
    clear(region) {
      const bytes = Buffer.alloc(entrySize * placesOf(region));
      writeSync(descriptor, bytes, 0, bytes.length, entryAt(region, 0));
      writeSync(descriptor, Buffer.alloc(headerSize), 0, headerSize, headerSize * (1 + region));
    },
    writeHeader(region, { active, places, beat }) {
      one.writeUInt32LE(active, 0);
      one.writeUInt32LE(places, 4);
      one.writeDoubleLE(beat, 8);
      writeSync(descriptor, one, 0, headerSize, headerSize * (1 + region));
    },
    writeEntry(region, place, known) {
      if (!known) {
        writeSync(descriptor, nothing, 0, 8, entryAt(region, place));
        return;
      }
      entry.writeDoubleLE(known.begun, 0);
      let at = textsAt;
      let field = 8;
      for (const [name, length] of fields) {
        const written = entry.write(known[name], at, length, 'latin1');
        entry[field++] = written;
        at += written;
      }
      // All of it, so that the last one is as long as the others.
      writeSync(descriptor, entry, 0, entrySize, entryAt(region, place));
    },
  };
}

function headerIn(bytes: Buffer, at: number): Header {
  return { active: bytes.readUInt32LE(at), places: bytes.readUInt32LE(at + 4), beat: bytes.readDoubleLE(at + 8) };
}

function entryIn(bytes: Buffer, at: number): Entry {
  let from = at + textsAt;
  const [peer = '', channel = '', script = ''] = [8, 9, 10].map((field) => {
    const length = bytes[at + field] ?? 0;
    from += length;
    return bytes.latin1Slice(from - length, from);
  });
  return { begun: bytes.readDoubleLE(at), peer, channel, script };
}

function openNameless(directories: readonly string[]): number {
  const problems: string[] = [];
  for (const directory of directories) {
    const path = `${directory.replace(/\/$/, '')}/.fastagi-${process.pid}-${Math.random().toString(36).slice(2)}`;
    try {
      const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
      unlinkSync(path);
      return descriptor;
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  throw new Error(`there is no place for a file of its own: ${problems.join('; ')}`);
}

import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeReadable } from '../../ground/text';
import type { SimulatedRun } from '../../testing/asterisk-side';
import { readCassette } from '../../testing/replay';
import { cassettesIn, replay } from '../replay';

/** A call that was made and shown. */
export interface Made {
  readonly run: Omit<SimulatedRun, 'own'>;
  /** Where the script failed, a line each, if that is known here. */
  readonly place: readonly string[];
  /** What else there is to say. */
  readonly more: readonly string[];
}

/**
 * Makes a call that is recorded, if somebody wants the recording, or has to know where the script failed.
 * @param wanted the directory that somebody named; its recording is replayed, to see whether it holds all that the script depends on
 */
export async function withRecording(
  wanted: string | undefined,
  needsPlace: boolean,
  make: (record: string | undefined) => Promise<Made['run']>,
): Promise<Made> {
  if (wanted === undefined && !needsPlace) return { run: await make(undefined), place: [], more: [] };
  const directory = wanted ?? temporary();
  try {
    const run = await make(directory);
    const file = existsSync(directory) ? cassettesIn(directory).at(-1) : undefined;
    return { run, place: file === undefined ? [] : placeIn(file), more: wanted === undefined ? [] : [await verdict(wanted, file)] };
  } finally {
    if (wanted === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** The script's user makes its own directory there. */
function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fastagi-call-'));
  chmodSync(directory, 0o755);
  return directory;
}

/** What a recording says of where the script failed. */
function placeIn(file: string): string[] {
  const notes = readCassette(file).entries.filter(({ kind }) => kind === '!').map(({ text }) => decodeReadable(text)); // prettier-ignore
  const at = notes.findIndex((text) => text.startsWith('at '));
  return at < 0 ? [] : notes.slice(at);
}

async function verdict(wanted: string, file: string | undefined): Promise<string> {
  if (file === undefined) return `Nothing was recorded in ${wanted}; the script's log says why`;
  const { status } = await replay(file, { script: undefined, html: undefined }, {});
  const what =
    status === 0 ? 'a replay goes the same way' : 'a replay goes another way: the script depends on something that is not on the wire';
  return `Recorded: ${file} (${what})`;
}

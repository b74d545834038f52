import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeOwnDirectory } from '../ground/own-directory';
import { entryLine, headLine, type CassetteEntry } from '../tape/cassette-text';

let kept = 0;

/** Keeps a call that failed its test, for `fastagi replay`. @returns the file; undefined if it cannot be written */
export function keepTape(entries: readonly CassetteEntry[], asterisk: string): string | undefined {
  const uid = process.geteuid?.() ?? 0;
  const directory = join(tmpdir(), `fastagi-tests-${uid}`);
  const begun = new Date().toISOString();
  const path = join(directory, `${begun.replaceAll(':', '-')}-${process.pid}-${(kept += 1)}.cassette`);
  // What is tested is a function: it has no file.
  const head = { fastagi: '', asterisk, script: '', name: 'script', sha256: '', begun };
  try {
    takeOwnDirectory(directory, uid);
    writeFileSync(path, Buffer.from(headLine(head) + entries.map(entryLine).join(''), 'latin1'), { mode: 0o600, flag: 'wx' });
    return path;
  } catch {
    return undefined;
  }
}

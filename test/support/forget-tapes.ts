import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where calls are kept that failed their tests: those that are to fail here, and a developer's own. */
const directory = join(tmpdir(), `fastagi-tests-${process.geteuid?.() ?? 0}`);

let before = new Set<string>();

function names(): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function setup(): void {
  before = new Set(names());
}

/** Behind all tests none of theirs is left. */
export function teardown(): void {
  for (const name of names()) if (!before.has(name)) rmSync(join(directory, name));
  try {
    rmdirSync(directory);
  } catch {
    // There was none, or it has others.
  }
}

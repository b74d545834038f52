import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { factsOf } from '../../../../src/cli/services/system-facts';
import type { SystemFacts } from '../../../../src/cli/services/system-facts';

/** Where fastagi lies in it. */
export const program = '/usr/local/bin/fastagi';

/** A system of its own below a directory: this machine's users, fastagi, and these files by their paths. */
export function systemWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'fastagi-system-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const users = Object.fromEntries(['/etc/passwd', '/etc/group'].map((file) => [file, readFileSync(file, 'utf8')]));
  for (const [path, text] of Object.entries({ ...users, [program]: '#!/bin/sh\n', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: path.includes('/bin/') ? 0o755 : 0o644 });
  }
  return root;
}

export function factsBelow(root: string): SystemFacts {
  return { ...factsOf(root), program };
}

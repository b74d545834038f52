import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export const passwd = 'root:x:0:0::/:/bin/sh\nasterisk:x:111:222::/:/bin/false\n';
const group = 'root:x:0:\nasterisk:x:222:\n';

/** A packager's tree with these files by their paths, users among them. */
export function tree(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'fastagi-setup-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const all = { '/etc/passwd': passwd, '/etc/group': group, '/etc/services': 'ssh 22/tcp\n', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

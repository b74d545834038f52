import { chmodSync, chownSync, copyFileSync, statSync } from 'node:fs';
import { isRoot } from './parts';

/** Copies a script, as root for this user; what can be run stays so. */
export function copyScript(from: string, to: string, owner: number): void {
  copyFileSync(from, to);
  chmodSync(to, statSync(from).mode & 0o111 ? 0o755 : 0o644);
  if (isRoot) chownSync(to, owner, owner);
}

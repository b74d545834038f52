import { accessSync, constants, statSync } from 'node:fs';
import { accountOf } from '../ground/accounts';

/** This process's user, as an operator knows them. */
function userName(): string {
  const uid = process.geteuid?.() ?? 0;
  return `user ${accountOf(uid)?.name ?? uid}`;
}

/** Why this process may not read a file, and what mends it: the first directory on its way that it may not enter, or the file itself. */
export function unreachable(path: string): { why: string; remedy: string } | undefined {
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
    const directory = path.slice(0, end);
    if (!may(directory, constants.X_OK)) return { why: `${userName()} may not enter ${directory}`, remedy: `chmod o+x ${directory}` };
  }
  if (may(path, constants.R_OK)) return undefined;
  const who = statSync(path).uid === process.geteuid?.() ? 'u' : 'o';
  return { why: `${userName()} may not read it`, remedy: `chmod ${who}+r ${path}` };
}

/** What is not there hides nothing. */
function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EACCES';
  }
}

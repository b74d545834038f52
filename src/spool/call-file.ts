import { chmodSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { FastagiError } from '../ground/errors';
import { distrustedExchange } from '../ground/trust';
import { callFileText, type CallFileOptions } from './call-file-text';

export interface CallFileDelivery {
  /** When to call; at once unless given. */
  at?: Date | undefined;
  /** Asterisk's spool directory for outgoing calls (/var/spool/asterisk/outgoing). */
  spool?: string | undefined;
}

/**
 * Has Asterisk make a call, at once or at a given time: writes a call file into its spool. Asterisk sees the whole file
 * or none, and must be able to read and remove it: the script's user is best Asterisk's own.
 * @returns the file's path
 * @throws UsageError for what a call file cannot say, FastagiError where the spool cannot be written
 * @see Asterisk: call files (pbx_spool)
 */
export function callFile({ at, spool = '/var/spool/asterisk/outgoing', ...options }: CallFileOptions & CallFileDelivery): string {
  const text = callFileText(options);
  let outgoing = spool;
  while (outgoing.endsWith('/')) outgoing = outgoing.slice(0, -1);
  const parent = outgoing.slice(0, outgoing.lastIndexOf('/')) || '/';
  let dir: string | undefined;
  try {
    checkSpool(outgoing);
    // On the same file system, but not where Asterisk looks: only a rename makes it appear at once.
    dir = mkdtempSync(`${parent}/.fastagi-call-`);
    const name = `fastagi-${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}.call`;
    const written = `${dir}/${name}`;
    writeFileSync(written, text, 'latin1');
    chmodSync(written, 0o660);
    if (at) utimesSync(written, at, at);
    const path = `${outgoing}/${name}`;
    renameSync(written, path);
    return path;
  } catch (cause) {
    const message = `callFile: ${outgoing} and ${parent} must be there, and user ${process.geteuid?.()} must be able to write them: ${(cause as Error).message}`;
    throw new FastagiError('FASTAGI_CALL_FILE_SPOOL', message, { cause });
  } finally {
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  }
}

/** Nobody but root, the script's user and Asterisk's may own it, and not everybody may write it: the call would be somebody else's. */
function checkSpool(outgoing: string): void {
  const found = distrustedExchange(outgoing, [process.geteuid?.() ?? 0, statSync(outgoing).uid]);
  if (found) throw new Error(`${found.why}; ${found.remedy}`);
}

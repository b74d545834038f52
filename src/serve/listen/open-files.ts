import { readFileSync } from 'node:fs';
import type { Settings } from '../../config/settings';
import { ConfigError } from '../../ground/errors';

/** What a worker has open besides its calls: its program, the log, channels, and what scripts open. */
const besides = 100;

/** Throws ConfigError where a worker could not have as many connections open as there may be calls. */
export function checkOpenFiles({ fastagi }: Settings): void {
  const most = limitOfOpenFiles(readFileSync('/proc/self/limits', 'latin1'));
  if (most >= fastagi.maxCalls + besides) return;
  const message =
    `[fastagi] max_calls = ${fastagi.maxCalls} needs ${fastagi.maxCalls + besides} open files, and ${most} are allowed: ` +
    `LimitNOFILE= in the systemd unit, rlimit_files in xinetd's file, ulimit -n in a shell; or lower max_calls`;
  throw new ConfigError('FASTAGI_OPEN_FILES', message);
}

/** The hard limit, which Node takes at its start. @see proc_pid_limits(5) */
function limitOfOpenFiles(text: string): number {
  const [, hard = '0'] = /^Max open files\s+\S+\s+(\S+)/m.exec(text) ?? [];
  return hard === 'unlimited' ? Infinity : Number(hard);
}

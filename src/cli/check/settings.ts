import { accessSync, constants, statSync } from 'node:fs';
import { placeKey, type Ini } from '../../config/parse-ini';
import type { Settings } from '../../config/settings';
import { unknownKeys } from '../../config/unknown-keys';
import { logProblem } from '../../serve/process/log-file';
import { isListed } from '../../call/peer';
import { ConfigError } from '../../ground/errors';
import { accountOf } from '../../ground/accounts';
import { distrustedPath } from '../../ground/trust';
import { configuredEngine } from '../../tts/engines';
import { refusesToChangeUsers } from '../../serve/process/identity';
import { otherNode } from '../../serve/process/setpriv';
import { isDirectory } from './find-scripts';

/** What is wrong with settings that could be read, a line each; a warning does not keep calls from being served. */
export function settingsProblems(settings: Settings, ini: Ini, master: 'root' | number): { problems: string[]; warnings: string[] } {
  const { basedir, log, setuid, allow } = settings.fastagi;
  const problems: string[] = [];
  const warnings = unknownKeys(ini);
  if (!isDirectory(basedir)) problems.push(`[fastagi] basedir: ${basedir} is no directory; create it: mkdir -p ${basedir}`);
  else if (setuid && statSync(basedir).mode & 0o002)
    warnings.push(`everybody may write basedir: all scripts run as nobody; chmod o-w ${basedir}`);
  const unlogged = log === undefined || log === 'syslog' ? undefined : logProblem(log, master);
  if (unlogged !== undefined) problems.push(`[fastagi] log: ${log} cannot be opened, and the log goes to syslog: ${unlogged}`);
  if (!isDirectory(settings.phpagi.tempdir) || !isWritable(settings.phpagi.tempdir))
    warnings.push(`[phpagi] tempdir: ${settings.phpagi.tempdir} is no directory, or cannot be written`);
  if (setuid && process.geteuid?.() !== 0)
    warnings.push('[fastagi] setuid: not started as root, so each script runs as the user who starts fastagi');
  if (setuid && process.geteuid?.() === 0 && refusesToChangeUsers()) {
    warnings.push(
      `this Node (${process.execPath}) refuses to change users, so each call is handed to a second start by setpriv, and the caller waits one start longer; ${otherNode}`,
    );
  }
  problems.push(...speechProblems(settings));
  for (const [key, list] of [['allow', allow], ['proxy_protocol', settings.fastagi.proxyProtocol]] as const) {
    try {
      isListed('127.0.0.1', list, key);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(`${ini.file}, line ${ini.lines.get(placeKey('fastagi', key))}: ${error.message}`);
    }
  } // prettier-ignore
  return { problems, warnings };
}

/** An engine that no text could be spoken with. */
function speechProblems(settings: Settings): string[] {
  try {
    configuredEngine(settings);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What is wrong for the users that scripts run as. */
export function userWarnings(uids: ReadonlySet<number>, { phpagi, fastagi: { log } }: Settings): string[] {
  const warnings: string[] = [];
  if (uids.size > 1 && log !== undefined && log !== 'syslog' && !isDirectory(log)) {
    warnings.push(
      `[fastagi] log: calls of ${uids.size} users go to the one file ${log}, and the scripts of each can empty it; write syslog, or a directory for a file each: install -d /var/log/fastagi`,
    );
  }
  if (!isDirectory(phpagi.tempdir)) return warnings;
  for (const uid of uids) {
    const found = distrustedPath(phpagi.tempdir, uid, accountOf(uid));
    if (found) warnings.push(`[phpagi] tempdir: scripts of user ${uid} cannot have a text spoken: ${found.why}; ${found.remedy}`);
  }
  return warnings;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

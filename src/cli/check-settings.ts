import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Settings } from '../config/settings';
import { unknownKeys } from '../config/unknown-keys';
import { isListed } from '../fastagi/peer';
import { ConfigError } from '../ground/errors';
import { refusesToChangeUsers } from '../script/identity';
import { otherNode } from '../script/setpriv';
import { isDirectory } from './find-scripts';

/** What is wrong with settings that could be read, a line each; a warning does not keep calls from being served. */
export function settingsProblems(settings: Settings): { problems: string[]; warnings: string[] } {
  const { basedir, log, setuid, allow } = settings.fastagi;
  const problems: string[] = [];
  const warnings = unknownKeys(settings.sections);
  if (!isDirectory(basedir)) problems.push(`[fastagi] basedir: ${basedir} is no directory; create it: mkdir -p ${basedir}`);
  else if (setuid && statSync(basedir).mode & 0o002)
    warnings.push(`everybody may write basedir: all scripts run as nobody; chmod o-w ${basedir}`);
  if (log !== undefined && log !== 'syslog' && !takesLines(log)) {
    problems.push(`[fastagi] log: ${log} cannot be written; look at its owner and mode, and those of its directory`);
  }
  if (!isDirectory(settings.phpagi.tempdir) || !isWritable(settings.phpagi.tempdir))
    warnings.push(`[phpagi] tempdir: ${settings.phpagi.tempdir} is no directory, or cannot be written`);
  if (setuid && process.geteuid?.() !== 0)
    warnings.push('[fastagi] setuid: not started as root, so each script runs as the user who starts fastagi');
  if (setuid && process.geteuid?.() === 0 && refusesToChangeUsers()) {
    warnings.push(
      `this Node (${process.execPath}) refuses to change users, so each call is handed to a second start by setpriv, and the caller waits one start longer; ${otherNode}`,
    );
  }
  try {
    isListed('127.0.0.1', allow, 'allow');
    isListed('127.0.0.1', settings.fastagi.proxyProtocol, 'proxy_protocol');
  } catch (error) {
    if (error instanceof ConfigError) problems.push(error.message);
  }
  return { problems, warnings };
}

function takesLines(log: string): boolean {
  if (isDirectory(log) || !isDirectory(dirname(log))) return false;
  return isWritable(existsSync(log) ? log : dirname(log));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

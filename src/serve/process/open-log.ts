import { spawn, spawnSync } from 'node:child_process';
import { constants, fstatSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import type { Settings } from '../../config/settings';
import type { Identity } from './identity';
import { openLog, problemOf, self } from './log-file';
import { isJournal, pointAt, pointAtPipe, type Stdio } from './stdio';
import { serviceLog, type LogStyle, type ServiceLog } from './service-log';

/** Where descriptors 1 and 2 lead to, and how lines look there. */
export interface LogPlace {
  readonly style: LogStyle;
  /** The file; undefined for standard error and the system's logger. */
  readonly file: string | undefined;
}

/** The log of a service. */
export interface OpenedLog {
  readonly log: ServiceLog;
  readonly place: LogPlace;
  /** Opens a file anew, whose name may lead to another one by now. */
  reopen(): void;
}

/**
 * Points descriptors 1 and 2 at the log, for this process and the workers to come.
 * @param identity whom this process is about to become
 * @param master who besides root could have written the settings
 */
export function openServiceLog(stdio: Stdio, { fastagi }: Settings, master: 'root' | number, identity: Identity | undefined): OpenedLog {
  const place = fastagi.log ?? (stdio.stderrIsRead ? 'stderr' : 'syslog');
  let problem: string | undefined;
  if (place !== 'stderr' && place !== 'syslog') problem = problemOf(() => pointAtFile(place, stdio, master, identity));
  const isSyslog = place === 'syslog' || problem !== undefined;
  if (isSyslog) openSyslog();
  const style = fastagi.logFormat === 'json' ? 'json' : isSyslog || (place === 'stderr' && isJournal()) ? 'marked' : 'stamped';
  const opened = continuedLog({ style, file: isSyslog || place === 'stderr' ? undefined : place }, stdio, master, identity);
  if (problem !== undefined) opened.log.error(`the log ${place} cannot be opened: ${problem}`);
  return opened;
}

/** The log that descriptors 1 and 2 lead to already. */
export function continuedLog(place: LogPlace, stdio: Stdio, master: 'root' | number, identity: Identity | undefined): OpenedLog {
  const { style, file } = place;
  const log = serviceLog(style);
  return {
    log,
    place,
    reopen() {
      if (file === undefined || isOpen(file)) return;
      const why = problemOf(() => pointAtFile(file, stdio, master, identity));
      if (why !== undefined) log.error(`the log ${file} cannot be opened anew: ${why}`);
    },
  };
}

function pointAtFile(file: string, stdio: Stdio, master: 'root' | number, identity: Identity | undefined): void {
  pointAt(openLog(file, master, identity ?? self()).descriptor, stdio);
}

/** In ms: so soon after `logger` has ended another one is started. */
const pause = 1000;

/** What is written to descriptors 1 and 2 goes to the system's logger, which is started again if it ends. */
function openSyslog(): void {
  const directory = mkdtempSync('/tmp/.fastagi-log-');
  const pipe = `${directory}/pipe`;
  try {
    if (spawnSync('mkfifo', ['-m', '600', pipe]).status !== 0) return;
    pointAtPipe(pipe);
    startLogger(openSync(pipe, constants.O_RDONLY));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function startLogger(pipe: number): void {
  const options = ['--prio-prefix', '-p', 'daemon.info', '-t', 'fastagi'];
  const child = spawn('logger', options, { stdio: [pipe, 'ignore', 'ignore'], detached: true });
  const again = (): void => void setTimeout(() => startLogger(pipe), pause).unref();
  child.once('exit', again).once('error', again);
  child.unref();
}

/** Whether a name still leads to the file that the log is written to: then nothing was rotated. A directory holds it by another name. */
function isOpen(place: string): boolean {
  const stat = statSync(place, { throwIfNoEntry: false });
  const own = fstatSync(2);
  return stat !== undefined && (stat.isDirectory() || (stat.dev === own.dev && stat.ino === own.ino));
}

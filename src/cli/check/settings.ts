import { constants, statSync } from 'node:fs';
import { isListed } from '../../call/peer';
import { placeKey, type Ini } from '../../config/parse-ini';
import type { Settings } from '../../config/settings';
import { unknownKeys } from '../../config/unknown-keys';
import { accountOf } from '../../ground/accounts';
import { ConfigError } from '../../ground/errors';
import { distrustedPath, masterOf } from '../../ground/trust';
import { refusesToChangeUsers } from '../../serve/process/identity';
import { logProblem } from '../../serve/process/log-file';
import { otherNode } from '../../serve/process/setpriv';
import { configuredEngine } from '../../tts/engines';
import { areForWorkers, type Service } from '../services/finding';
import { mayAccess } from '../services/system-facts';
import { isDirectory } from './find-scripts';
import { problem, together, warning, type Found } from './found';

const nothing = together();

/** What is wrong with settings that could be read. */
export function lookAtSettings(settings: Settings, ini: Ini, master: 'root' | number, services: readonly Service[]): Found {
  return together(
    warning(...unknownKeys(ini)),
    lookAtBasedir(settings),
    lookAtLog(settings, master),
    lookAtTempdir(settings),
    lookAtRecord(settings),
    lookAtUsers(settings, services),
    lookAtEngine(settings),
    lookAtLists(settings, ini),
  );
}

export function lookAtBasedir({ fastagi: { basedir, setuid } }: Settings): Found {
  if (!isDirectory(basedir)) return problem(`[fastagi] basedir: ${basedir} is no directory; create it: mkdir -p ${basedir}`);
  if (!setuid || (statSync(basedir).mode & 0o002) === 0) return nothing;
  return warning(`everybody may write basedir: all scripts run as nobody; chmod o-w ${basedir}`);
}

export function lookAtLog({ fastagi: { log } }: Settings, master: 'root' | number): Found {
  const why = log === undefined || log === 'syslog' ? undefined : logProblem(log, master);
  return why === undefined ? nothing : problem(`[fastagi] log: ${log} cannot be opened, and the log goes to syslog: ${why}`);
}

export function lookAtTempdir({ phpagi: { tempdir } }: Settings): Found {
  if (isDirectory(tempdir) && mayAccess(tempdir, constants.W_OK)) return nothing;
  return warning(`[phpagi] tempdir: ${tempdir} is no directory, or cannot be written; create it: mkdir -p ${tempdir}`);
}

/** Whether calls can be recorded, if they are to be. */
function lookAtRecord({ fastagi: { record, setuid } }: Settings): Found {
  if (record === undefined) return nothing;
  if (!isDirectory(record))
    return warning(`[fastagi] record: ${record} is no directory, and no call is recorded; install -d -m 755 ${record}`);
  const isRoots = setuid && process.geteuid?.() === 0;
  if (isRoots && masterOf(record) !== 'root')
    return warning(`[fastagi] record: ${record} is not root's alone, and no call is recorded; chown root ${record}; chmod go-w ${record}`);
  return warning(`[fastagi] record: each call is recorded below ${record}; calls begin some ms later, and take more of the disk`);
}

/** Whether scripts can run as their owners. */
export function lookAtUsers({ fastagi: { setuid } }: Settings, services: readonly Service[]): Found {
  if (!setuid) return nothing;
  if (process.geteuid?.() !== 0)
    return warning('[fastagi] setuid: not started as root, so each script runs as the user who starts fastagi');
  if (!refusesToChangeUsers()) return nothing;
  // Workers start once more once, and no call waits for it.
  if (areForWorkers(services.filter(({ isSwitchedOff }) => !isSwitchedOff))) return nothing;
  return warning(
    `this Node (${process.execPath}) refuses to change users, so each call is handed to a second start by setpriv, and the caller waits one start longer; ${otherNode}`,
  );
}

/** An engine that no text could be spoken with. */
export function lookAtEngine(settings: Settings): Found {
  try {
    configuredEngine(settings);
    return nothing;
  } catch (error) {
    return problem((error as Error).message);
  }
}

/** Who may call, and whose proxies are believed. */
export function lookAtLists({ fastagi: { allow, proxyProtocol } }: Settings, ini: Ini): Found {
  const lists = [['allow', allow], ['proxy_protocol', proxyProtocol]] as const; // prettier-ignore
  return together(
    ...lists.map(([key, list]) => {
      try {
        isListed('127.0.0.1', list, key);
        return nothing;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return problem(`${ini.file}, line ${ini.lines.get(placeKey('fastagi', key))}: ${error.message}`);
      }
    }),
  );
}

/** What is wrong for the users that scripts run as: who shares the log. */
export function lookAtSharedLog(uids: ReadonlySet<number>, { fastagi: { log } }: Settings): Found {
  if (uids.size < 2 || log === undefined || log === 'syslog' || isDirectory(log)) return nothing;
  return warning(
    `[fastagi] log: calls of ${uids.size} users go to the one file ${log}, and the scripts of each can empty it; write syslog, or a directory for a file each: install -d /var/log/fastagi`,
  );
}

/** And who cannot have a text spoken. */
export function lookAtSpokenTexts(uids: ReadonlySet<number>, { phpagi: { tempdir } }: Settings): Found {
  if (!isDirectory(tempdir)) return nothing;
  return together(
    ...[...uids].map((uid) => {
      const found = distrustedPath(tempdir, uid, accountOf(uid));
      return found ? warning(`[phpagi] tempdir: scripts of user ${uid} cannot have a text spoken: ${found.why}; ${found.remedy}`) : nothing;
    }),
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { AsteriskManager, AsyncAgiOptions } from '../../call/agi';
import type { CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { trySettings } from '../../config/try-settings';
import { accountOf } from '../../ground/accounts';
import { ConfigError, ManagerError, ScriptError } from '../../ground/errors';
import type { ExitStatus } from '../../ground/exit-status';
import type { Log } from '../../ground/log';
import type { ClientParts } from '../../manager/client';
import { parseServer, printServer } from '../../manager/wire/server-address';
import { locateNamed, type LocatedScript } from '../../script/locate';
import { guardedCalls } from '../process/calls-apart';
import type { cleanConsole } from '../process/console';
import { limitEnvironment } from '../process/environment';
import { onSignals } from '../process/events';
import { checkMayRun } from '../process/may-run';
import { openServiceLog } from '../process/open-log';
import { guardListener } from '../process/stdio';
import { managerLog, openManager } from './asterisk-manager';
import { scriptHost } from './script-host';
import { serveAsyncAgi } from './serve-async';

/** In ms: so often it is tried to reach an Asterisk that is not there yet. */
const retry = 5000;
/** In ms: so long calls may take to end once their scripts are ended. */
const grace = 5000;

/**
 * Serves `AGI(agi:async)` with one script, in this process, until a signal ends it. Throws ConfigError, ScriptError and ManagerError while it starts.
 * @param clean makes the console write to a log
 */
export async function serveScript(
  asked: string,
  which: AsyncAgiOptions,
  options: CommandLineSettings,
  clean: typeof cleanConsole,
): Promise<ExitStatus> {
  const stdio = guardListener();
  const { settings, settingsError, master } = trySettings(options);
  if (settingsError !== undefined) throw settingsError;
  const script = locate(asked, settings);
  const opened = openServiceLog(stdio, settings, master, undefined);
  const { log } = opened;
  limitEnvironment(settings.fastagi.environment, false);
  const current = guardedCalls(log, clean);
  let end: (signal: string) => void = () => undefined;
  const ending = new Promise<string>((resolve) => (end = resolve));
  let again: () => void = () => undefined;
  const endingNow = new Promise<void>((resolve) => (again = resolve));
  let signals = 0;
  onSignals(['SIGTERM', 'SIGINT'], (signal) => (++signals === 1 ? end(signal) : again()));
  onSignals(['SIGHUP'], opened.reopen);
  const connected = await Promise.race([connect(settings, log), ending]);
  if (typeof connected === 'string') return 0;
  const { manager, parts } = connected;
  const host = scriptHost({ settings, log, script, current, openManager: async () => manager });
  await host.warm();
  const served = serveAsyncAgi(parts, { host, name: script.name, path: script.path }, log, which);
  const { server, port } = settings.asmanager;
  const { host: where, port: named } = parseServer(server);
  log.info(
    `ready: AGI(agi:async${which.name === undefined ? '' : `,${which.name}`}) of ${printServer(where, named ?? port)} runs ${script.path}`,
  );
  log.info(`${await ending}: takes no further calls`);
  const over = served.close();
  if (served.calls > 0) await Promise.race([over, endingNow, sleep(1000 * settings.fastagi.drain, undefined, { ref: false })]);
  if (served.calls > 0)
    log.warn(`${served.calls} calls were still going on (drain = ${settings.fastagi.drain} s): they go on in the dialplan`);
  host.endAll(new Error('fastagi async is being stopped'));
  await Promise.race([over, sleep(grace, undefined, { ref: false })]);
  await manager.close();
  log.info('ended');
  return 0;
}

/** Throws ConfigError and ScriptError. */
function locate(named: string, { fastagi }: Settings): LocatedScript {
  const script = locateNamed(named, fastagi.basedir);
  if (script.isProgram)
    throw new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', `${script.name} is refused: it is no JavaScript, and only AGI(agi://...) runs other programs`, { status: 'FORBIDDEN' }); // prettier-ignore
  if (process.geteuid?.() === 0) {
    const who = (script.uid > 0 && accountOf(script.uid)?.name) || 'asterisk';
    throw new ConfigError(
      'FASTAGI_ASYNC_USER',
      `fastagi async was started as root, and serves no calls as root: runuser -u ${who} -- fastagi async ${named}, or User=${who} in the unit`,
    );
  }
  checkMayRun(script, false);
  return script;
}

/** Asterisk may start later than this. Throws ManagerError if it does not let the user in. */
async function connect(settings: Settings, log: Log): Promise<{ manager: AsteriskManager; parts: ClientParts }> {
  for (let isTold = false; ; isTold = true) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await openManager(settings, managerLog(settings, log));
    } catch (error) {
      if (!(error instanceof ManagerError) || error.code !== 'FASTAGI_MANAGER_UNREACHABLE') throw error;
      if (!isTold) log.error(`${error.message}; it is tried again each ${retry / 1000} s`);
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(retry);
  }
}

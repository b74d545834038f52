import { parseSettings } from '../../config/parse-settings';
import { noIni, placeKey, type Ini } from '../../config/parse-ini';
import { readIni } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { rowsOfSection } from '../../config/settings-table';
import type { Log } from '../../ground/log';
import type { ClientParts } from '../../manager/client';
import { createManager } from '../../manager/manager';
import { parseServer } from '../../manager/wire/server-address';
import type { AsteriskManager } from '../../call/agi';
import { managerHost } from './async-call';
import { serveAsyncAgi } from './serve-async';

/** The keys of `[asmanager]` that say which manager it is. */
type Address = Omit<Settings['asmanager'], 'writeLog'>;

/** Which manager to connect to, and how. What is not given is read from `[asmanager]` of phpagi.conf. */
export interface ManagerOptions extends Readonly<{ [Name in keyof Address]?: Address[Name] | undefined }> {
  /** The file to read instead of /etc/asterisk/phpagi.conf. */
  readonly config?: string | undefined;
  /** How long connecting, and then logging in, may take, in ms (10,000). */
  readonly timeout?: number | undefined;
  /** Gives up connecting; later it closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** After how long a silence Asterisk is asked whether it is still there, in ms (30,000). */
  readonly keepAlive?: number | undefined;
  /** Is told what happens to the connection; the console is told of warnings and errors unless given. */
  readonly log?: Log | undefined;
}

/** How long things may take, in ms, and what stops them. */
type Limits = Pick<ManagerOptions, 'timeout' | 'keepAlive' | 'signal'>;

/**
 * Connects to Asterisk's manager and logs in, once Asterisk has started. A connection that is lost later comes back by itself: handlers
 * and loops stay, `end` and `ready` tell of it.
 * @throws ManagerError if Asterisk cannot be reached or does not let the user in; ConfigError and UsageError for options that make no sense
 * @example
 * const manager = await connectManager({ server: 'pbx.example.org', username: 'board', secret });
 * for await (const channel of manager.list('CoreShowChannels')) console.log(channel.get('Channel'));
 * await manager.close();
 */
export async function connectManager(options: ManagerOptions = {}): Promise<AsteriskManager> {
  return connectBySettings(settingsOf(options), options.log ?? warnings, options);
}

/** Each action is in the log if `[asmanager] write_log` says so. */
export function managerLog({ asmanager }: Settings, log: Log): Log {
  return asmanager.writeLog ? log : { info: () => undefined, warn: (text) => log.warn(text), error: (text) => log.error(text) };
}

/** The manager that the settings name, connected. */
export async function connectBySettings(settings: Settings, log: Log, limits: Limits = {}): Promise<AsteriskManager> {
  return (await openManager(settings, log, limits)).manager;
}

/** The manager that the settings name, connected, with what serves calls in a process that is ours. */
export async function openManager(
  settings: Settings,
  log: Log,
  { timeout = 10_000, keepAlive = 30_000, signal }: Limits = {},
): Promise<{ manager: AsteriskManager; parts: ClientParts }> {
  signal?.throwIfAborted();
  const { server, port, username, secret, tls, tlsCa, tlsName } = settings.asmanager;
  const { host, port: named } = parseServer(server);
  const { manager, parts } = createManager({ host, port: named ?? port, tls, tlsCa, tlsName, username, secret, timeout, keepAlive, log });
  const { close } = manager;
  const abort = (): void => void manager.close();
  const whole: AsteriskManager = Object.assign(manager, {
    agi(...[script, options]: Parameters<AsteriskManager['agi']>) {
      const host = managerHost(
        settings,
        log,
        () => script,
        async () => whole,
      );
      return serveAsyncAgi(parts, { host, name: 'agi:async', path: '' }, log, options);
    },
    close() {
      signal?.removeEventListener('abort', abort);
      return close();
    },
    [Symbol.asyncDispose]: () => manager.close(),
  });
  signal?.addEventListener('abort', abort);
  try {
    await parts.open();
    return { manager: whole, parts };
  } catch (error) {
    await manager.close();
    throw signal?.aborted ? signal.reason : error;
  }
}

const warnings: Log = { info: () => undefined, warn: (text) => console.warn(text), error: (text) => console.error(text) };

function settingsOf(options: ManagerOptions): Settings {
  const ini = iniOf(options);
  const given: Record<string, string> = {};
  for (const [property, { key }] of rowsOfSection('asmanager')) {
    const value = options[property as keyof ManagerOptions];
    if (value !== undefined) given[key] = String(value);
  }
  const sections = { ...ini.sections, asmanager: { ...ini.sections['asmanager'], ...given } };
  // What was given stands in no line of the file.
  const lines = new Map([...ini.lines].filter(([place]) => !Object.keys(given).some((key) => place === placeKey('asmanager', key))));
  return parseSettings({ ...ini, sections, lines });
}

/** The file may be for root's eyes only, or another program's: who gives the secret does not need it. */
function iniOf({ config, secret }: ManagerOptions): Ini {
  const isNeeded = config !== undefined || secret === undefined;
  try {
    const ini = readIni(config);
    return isNeeded || ini.problems.length === 0 ? ini : noIni;
  } catch (error) {
    if (isNeeded) throw error;
    return noIni;
  }
}

import { parseSettings } from '../../config/parse-settings';
import { noIni, placeKey, type Ini } from '../../config/parse-ini';
import { readIni } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { silent, type Log } from '../../ground/log';
import { serveAsyncAgi } from './channel-wire';
import { createManager } from '../../manager/manager';
import { parseServer } from '../../manager/wire/server-address';
import type { AsteriskManager as Connection } from '../../call/agi';
import { serveAsyncCall } from './serve-async';

/** Which manager to connect to, and how. What is not given is read from `[asmanager]` of phpagi.conf. */
export interface ManagerOptions {
  /** The file to read instead of /etc/asterisk/phpagi.conf. */
  readonly config?: string | undefined;
  /** `host`, `host:port`, `[IPv6 address]:port` (localhost). */
  readonly server?: string | undefined;
  /** Where `server` names none (5038, with TLS 5039). */
  readonly port?: number | undefined;
  readonly username?: string | undefined;
  readonly secret?: string | undefined;
  readonly tls?: boolean | undefined;
  /** A file with the certificates to trust instead of the system's (PEM). */
  readonly tlsCa?: string | undefined;
  /** How long connecting, and then logging in, may take, in ms (10,000). */
  readonly connectTimeout?: number | undefined;
  /** How long an action may take unless it says otherwise, in ms (30,000). */
  readonly actionTimeout?: number | undefined;
  /** After how long a silence Asterisk is asked whether it is still there, in ms (30,000). */
  readonly keepAlive?: number | undefined;
  /** Is told what happens to the connection: `console`, for one. Nobody is unless given. */
  readonly log?: Log | undefined;
}

export type AsteriskManager = Connection;

/** A connection to Asterisk's manager. `connect` opens it, `close` or the end of an `await using` block ends it. */
export const AsteriskManager = function construct(options: ManagerOptions = {}): AsteriskManager {
  const manager = createAsteriskManager(settingsOf(options), options.log ?? silent, options);
  // Every method is made by a function; the prototype is there for `instanceof`.
  return Object.setPrototypeOf(manager, construct.prototype as object) as AsteriskManager;
} as unknown as AsteriskManagerConstructor;

interface AsteriskManagerConstructor {
  /** @throws ConfigError, UsageError for options that make no sense */
  new (options?: ManagerOptions): AsteriskManager;
}

/** How long things may take, in ms. */
type Times = Pick<ManagerOptions, 'connectTimeout' | 'actionTimeout' | 'keepAlive'>;

/** The manager that the settings name. */
export function createAsteriskManager(settings: Settings, log: Log, times: Times = {}): AsteriskManager {
  const { server, port, username, secret, tls, tlsCa } = settings.asmanager;
  const { host, port: named } = parseServer(server);
  const { connectTimeout = 10_000, actionTimeout = 30_000, keepAlive = 30_000 } = times;
  const address = { host, port: named ?? port, tls, tlsCa };
  const { manager, parts } = createManager({ ...address, username, secret, connectTimeout, actionTimeout, keepAlive, log });
  const { connect } = manager;
  const whole: AsteriskManager = Object.assign(manager, {
    async connect() {
      await connect();
      return whole;
    },
    agi: (script: Parameters<AsteriskManager['agi']>[0]) =>
      serveAsyncAgi(parts, (call) => serveAsyncCall(script, call, { settings, log, openManager: async () => whole }), log),
    [Symbol.asyncDispose]: () => manager.close(),
  });
  return whole;
}

function settingsOf(options: ManagerOptions): Settings {
  const ini = iniOf(options);
  const given: Record<string, string> = {};
  const { server, port, username, secret, tls, tlsCa } = options;
  for (const [key, value] of Object.entries({ server, port, username, secret, tls, tls_ca: tlsCa })) {
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

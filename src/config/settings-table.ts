import { choice, destination, flag, names, number, optional, proxies, text, whoMayCall, type Row } from './readers';

const tls = flag('tls', false);

/*
 * Every key of phpagi.conf: its property, its reader and default, and its help, a line: what an editor shows, and docs/configuration.md.
 * The type of the settings, the keys that are known, and what `fastagi check` prints come from here, too.
 */
const settingsTable = {
  phpagi: {
    /** Shows request, settings and errors on the Asterisk console. */
    debug: flag('debug', false),
    /** Writes errors of scripts to the log in full, with their stack and causes, and mails them to `admin`. */
    errorHandler: flag('error_handler', true),
    /** Whom failed calls are mailed to. */
    admin: optional('admin'),
    /** What mails call this machine. */
    hostname: optional('hostname', "the machine's name"),
    /** The mail server, `smtp://user:password@host:25`; without it mails go through `sendmail`. */
    smtp: optional('smtp'),
    /** The program that mails go through if no server is named. */
    sendmail: text('sendmail', '/usr/sbin/sendmail'),
    /** Where spoken texts are kept. */
    tempdir: text('tempdir', '/var/spool/asterisk/tmp/'),
  },
  asmanager: {
    /** Where Asterisk's manager is: `host`, `host:port` or `[IPv6 address]:port`. */
    server: text('server', 'localhost'),
    /** Its port, if `server` names none. */
    port: number('port', { text: '5038, with TLS 5039', of: (section, wrong) => (tls.read(section, wrong) ? 5039 : 5038) }, 1, 65_535),
    /** Who logs in. */
    username: text('username', 'phpagi'),
    /** The password for it. */
    secret: text('secret', 'phpagi'),
    /** Connects with TLS. */
    tls,
    /** A file with the certificates to trust instead of the system's (PEM). */
    tlsCa: optional('tls_ca'),
    /** The name that its certificate must bear, if it is not the server's. */
    tlsName: optional('tls_name'),
    /** Writes each action to the log. */
    writeLog: flag('write_log', false),
  },
  fastagi: {
    /** Becomes the script's owner, if started as root. */
    setuid: flag('setuid', true),
    /** Lets root's scripts run as root, if nobody else could have written them. */
    root: flag('root', false),
    /** Owners with a lower user id run as nobody, but for `allow_users`. */
    leastUid: number('least_uid', 100, 0, 4_294_967_295),
    /** Users below `least_uid` whose scripts run as them. */
    allowUsers: names('allow_users'),
    /** Further variables of the environment that scripts and programs get. */
    environment: names('environment'),
    /** Users whose scripts get the secrets though they may not read the file. */
    secretsFor: names('secrets_for'),
    /** Where the scripts are. */
    basedir: text('basedir', '/var/lib/asterisk/agi-bin/'),
    /** `syslog`, a directory with a file for each user, or a file. */
    log: optional('log', 'standard error if somebody reads it, else syslog'),
    /** Writes a line for each call to the log: what it came to, its milliseconds, its commands. */
    logCalls: flag('log_calls', true),
    /** How long Asterisk's environment may take, in s. */
    environmentTimeout: number('environment_timeout', 10, 1, 3600),
    /** How long a script may go on after the caller hung up, or after `release()`, in s. */
    hangupGrace: number('hangup_grace', 60, 0, 86_400),
    /** Addresses and networks that may call. */
    allow: whoMayCall('allow'),
    /** Addresses and networks of proxies, whose connections begin with a PROXY header. */
    proxyProtocol: proxies('proxy_protocol'),
    /** Runs programs that are no JavaScript as classic AGI. */
    foreign: flag('foreign', true),
    /** A sound to play after a failure. */
    errorPlayback: optional('error_playback'),
    /** Where the dialplan goes on after a failure: context,extension,priority. */
    errorGoto: destination('error_goto'),
    /** How callers' numbers stand in log, mail, trace and recording: full, last3, hashed. */
    numbers: choice('numbers', ['full', 'last3', 'hashed']),
    /** A directory in which each call is recorded, a file for each. */
    record: optional('record'),
    /** Recordings older than so many days are removed. */
    recordKeep: number('record_keep', 30, 0, 36_500),
    /** The oldest recordings of a user are removed until the others are below so many MB. */
    recordMax: number('record_max', 1000, 1, 1_000_000),
    /** Where `fastagi trace` watches calls: a socket in a directory of root's. */
    traceSocket: text('trace_socket', '/run/fastagi-trace.sock'),
    /** Whom `fastagi listen` becomes, if started as root; it serves no call before. */
    user: optional('user'),
    /** With which group. */
    group: optional('group', "the user's own"),
    /** Processes that serve calls. */
    workers: number('workers', { text: 'one for each core', of: () => 0 }, 1, 256),
    /** After so many calls a worker is replaced; 0: never. */
    workerCalls: number('worker_calls', 0, 0, 4_294_967_295),
    /** A worker that takes more memory of its own is replaced, in MB; 0: never. */
    workerMemory: number('worker_memory', 512, 0, 1_048_576),
    /** How long a script may compute in one go before its worker is ended, in s; 0: for ever. */
    workerStall: number('worker_stall', 30, 0, 86_400),
    /** A script that computes longer in one go is logged with its place, in s; 0: never. */
    slowCall: number('slow_call', 1, 0, 86_400),
    /** Calls at once; a further one gets FASTAGISTATUS=BUSY. */
    maxCalls: number('max_calls', 1000, 1, 100_000),
    /** Of these, from one address; 0: all of them. */
    maxCallsPerPeer: number('max_calls_per_peer', 0, 0, 100_000),
    /** How long calls may go on after SIGTERM, in s. */
    drain: number('drain', 30, 0, 86_400),
    /** After so long without a call the program ends, and whoever started it listens again, in s; 0: never. */
    idleExit: number('idle_exit', 0, 0, 604_800),
    /** An Asterisk that is gone is noticed within so many s. */
    keepalive: number('keepalive', 60, 15, 7200),
    /** Where figures for Prometheus are given, and a page of them: host:port. */
    metrics: optional('metrics'),
    /** Where `fastagi status` asks. */
    statusSocket: text('status_socket', '/run/fastagi/status.sock'),
    /** How lines of the log look: text, json. */
    logFormat: choice('log_format', ['text', 'json']),
  },
  festival: {
    /** Festival's program. */
    text2wave: text('text2wave', 'text2wave'),
  },
  cepstral: {
    /** Cepstral's program. */
    swift: text('swift', 'swift'),
    /** The voice that speaks. */
    voice: optional('voice'),
  },
  tts: {
    /** The engine that `say()` speaks with. */
    engine: optional('engine', 'festival'),
  },
};

type Table = typeof settingsTable;

/** The values of the keys, by section. */
export type KnownSettings = {
  [Section in keyof Table]: {
    -readonly [Name in keyof Table[Section]]: Table[Section][Name] extends Row<infer Value> ? Value : never;
  };
};

/** A section's name, and its keys with the properties that they become. */
export function sectionsOfTable(): [section: keyof Table, rows: [property: string, row: Row<unknown>][]][] {
  return (Object.keys(settingsTable) as (keyof Table)[]).map((section) => [section, rowsOfSection(section)]);
}

/** The keys of one section, with the properties that they become. */
export function rowsOfSection(section: keyof Table): [property: string, row: Row<unknown>][] {
  return Object.entries(settingsTable[section]);
}

/** The keys that each of our sections knows. */
export function knownKeys(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(sectionsOfTable().map(([section, rows]) => [section, rows.map(([, { key }]) => key)]));
}

/** The settings in force, each key of phpagi.conf with its type. */
export interface Settings {
  phpagi: {
    /** Show request, configuration and errors on the Asterisk console. */
    debug: boolean;
    /** Write errors of scripts to the log in full, with their stack and causes. */
    errorHandler: boolean;
    /** Whom errors are mailed to. */
    admin: string | undefined;
    hostname: string | undefined;
    /** The mail server, `smtp://user:password@host:25`; without it mails go through `sendmail`. Empty where it is withheld. */
    smtp: string | undefined;
    sendmail: string;
    tempdir: string;
  };
  asmanager: {
    server: string;
    port: number;
    username: string;
    secret: string;
    tls: boolean;
    /** A file with the certificates to trust instead of the system's (PEM). */
    tlsCa: string | undefined;
    /** Write each action to the log. */
    writeLog: boolean;
  };
  fastagi: {
    /** Become the script's owner, when started as root. */
    setuid: boolean;
    /** Let root's scripts run as root, where nobody else could have written them. */
    root: boolean;
    /** Below this user id scripts run as nobody, but for `allowUsers`. */
    leastUid: number;
    allowUsers: string[];
    /** Users whose scripts get the secrets though they may not read the file. */
    secretsFor: string[];
    /** Further variables of the environment that scripts get. */
    environment: string[];
    basedir: string;
    /** A file, or `syslog`. */
    log: string | undefined;
    /** How long the environment may take, in s. */
    environmentTimeout: number;
    /** How long a script may go on after the caller hung up, or after `release`, in s. */
    hangupGrace: number;
    /** Addresses and networks that may call; any if empty. */
    allow: string[];
    /** Addresses and networks of proxies, whose connections begin with a PROXY header. */
    proxyProtocol: string[];
    /** Run programs that are no JavaScript as classic AGI. */
    foreign: boolean;
    /** A sound to play when a script could not be run or failed. */
    errorPlayback: string | undefined;
    /** Where the dialplan goes on then. */
    errorGoto: { context: string; extension: string; priority: string } | undefined;
    /** Write a line for each call to the log. */
    logCalls: boolean;
    /** Where calls are recorded. */
    record: string | undefined;
  };
  festival: { text2wave: string };
  cepstral: { swift: string; voice: string | undefined };
  tts: { engine: string | undefined };
  /** Whether the secrets were left out, since the script's user may not read the file. */
  withheld: boolean;
  /** The text of every section, for scripts that keep their own in the file. */
  sections: Sections;
}

export type Sections = Record<string, Record<string, string>>;

/** The keys that each of our sections knows. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  phpagi: ['debug', 'error_handler', 'admin', 'hostname', 'smtp', 'sendmail', 'tempdir'],
  asmanager: ['server', 'port', 'username', 'secret', 'tls', 'tls_ca', 'write_log'],
  fastagi: [
    'setuid', 'root', 'least_uid', 'allow_users', 'environment', 'secrets_for', 'basedir', 'log', 'log_calls', 'environment_timeout', 'hangup_grace', 'allow', 'proxy_protocol', 'foreign', 'error_playback', 'error_goto', 'record',
  ], // prettier-ignore
  festival: ['text2wave'],
  cepstral: ['swift', 'voice'],
  tts: ['engine'],
};

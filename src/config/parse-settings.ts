import { ConfigError } from '../ground/errors';
import { placeKey, type Ini } from './parse-ini';
import type { Sections, Settings } from './settings';

const yes = ['true', 'on', 'yes', '1'];
const no = ['false', 'off', 'no', '0', 'none', ''];
const unset = ['false', 'off', 'no', 'none', 'null'];

/** An INI text -> settings, with the defaults for what is not there. Throws one ConfigError that names all that is wrong, each by file, line, section, key and value. */
export function parseSettings({ sections, lines, file, problems: malformed }: Ini): Settings {
  const problems = [...malformed];
  const wrong: Wrong = (section, key, value, remedy) => {
    const line = lines.get(placeKey(section, key));
    problems.push(`${line === undefined ? '' : `${file}, line ${line}: `}[${section}] ${key} is ${JSON.stringify(value)}; ${remedy}`);
  };
  const { text, optional, flag, number } = readers(sections, wrong);
  const settings: Settings = {
    phpagi: {
      debug: flag('phpagi', 'debug', false),
      errorHandler: flag('phpagi', 'error_handler', true),
      admin: optional('phpagi', 'admin'),
      hostname: optional('phpagi', 'hostname'),
      smtp: optional('phpagi', 'smtp'),
      sendmail: text('phpagi', 'sendmail', '/usr/sbin/sendmail'),
      tempdir: text('phpagi', 'tempdir', '/var/spool/asterisk/tmp/'),
    },
    asmanager: {
      server: text('asmanager', 'server', 'localhost'),
      port: number('asmanager', 'port', flag('asmanager', 'tls', false) ? 5039 : 5038, 1, 65_535),
      username: text('asmanager', 'username', 'phpagi'),
      secret: text('asmanager', 'secret', 'phpagi'),
      tls: flag('asmanager', 'tls', false),
      tlsCa: optional('asmanager', 'tls_ca'),
      writeLog: flag('asmanager', 'write_log', false),
    },
    fastagi: {
      setuid: flag('fastagi', 'setuid', true),
      root: flag('fastagi', 'root', false),
      leastUid: number('fastagi', 'least_uid', 100, 0, 4_294_967_295),
      allowUsers: names(optional('fastagi', 'allow_users')),
      secretsFor: names(optional('fastagi', 'secrets_for')),
      environment: names(optional('fastagi', 'environment')),
      basedir: text('fastagi', 'basedir', '/var/lib/asterisk/agi-bin/'),
      log: optional('fastagi', 'log'),
      logCalls: flag('fastagi', 'log_calls', true),
      environmentTimeout: number('fastagi', 'environment_timeout', 10, 1, 3600),
      hangupGrace: number('fastagi', 'hangup_grace', 60, 0, 86_400),
      allow: allowed(sections['fastagi']?.['allow'], wrong),
      proxyProtocol: proxies(sections['fastagi']?.['proxy_protocol'], wrong),
      foreign: flag('fastagi', 'foreign', true),
      errorPlayback: optional('fastagi', 'error_playback'),
      errorGoto: place(optional('fastagi', 'error_goto'), wrong),
      record: optional('fastagi', 'record'),
    },
    festival: { text2wave: text('festival', 'text2wave', 'text2wave') },
    cepstral: { swift: text('cepstral', 'swift', 'swift'), voice: optional('cepstral', 'voice') },
    tts: { engine: optional('tts', 'engine') },
    withheld: false,
    sections,
  };
  if (problems.length === 0) return settings;
  throw new ConfigError(malformed.length > 0 ? 'FASTAGI_CONFIG_MALFORMED' : 'FASTAGI_CONFIG_VALUE', [...new Set(problems)].join('\n'));
}

/** Notes a value that makes no sense; the default stands in for it. */
type Wrong = (section: string, key: string, value: string, remedy: string) => void;

interface Readers {
  text(section: string, key: string, otherwise: string): string;
  /** Undefined where the key is missing, empty or a word that PHP takes for empty. */
  optional(section: string, key: string): string | undefined;
  flag(section: string, key: string, otherwise: boolean): boolean;
  number(section: string, key: string, otherwise: number, least: number, most: number): number;
}

function readers(sections: Sections, wrong: Wrong): Readers {
  const raw = (section: string, key: string): string | undefined => sections[section]?.[key] || undefined;
  return {
    text: (section, key, otherwise) => raw(section, key) ?? otherwise,
    optional(section, key) {
      const value = raw(section, key);
      return value !== undefined && unset.includes(value.toLowerCase()) ? undefined : value;
    },
    flag(section, key, otherwise) {
      const value = sections[section]?.[key]?.toLowerCase();
      if (value === undefined) return otherwise;
      if (yes.includes(value)) return true;
      if (no.includes(value)) return false;
      wrong(section, key, value, 'write true or false');
      return otherwise;
    },
    number(section, key, otherwise, least, most) {
      const value = raw(section, key);
      if (value === undefined) return otherwise;
      const number = /^\d+$/.test(value) ? Number(value) : NaN;
      if (number >= least && number <= most) return number;
      wrong(section, key, value, `write a whole number from ${least} to ${most}`);
      return otherwise;
    },
  };
}

/** Addresses, separated by commas or blanks. Only no key at all, and `any`, allow all: no other word may open the door. */
function allowed(value: string | undefined, wrong: Wrong): string[] {
  if (value === undefined || value.trim().toLowerCase() === 'any') return [];
  if (value.trim() === '' || no.includes(value.toLowerCase()) || unset.includes(value.toLowerCase()))
    wrong('fastagi', 'allow', value, 'write addresses and networks such as 192.0.2.7, 10.0.0.0/8, or any');
  return names(value);
}

/** The proxies that begin each connection with a PROXY header. */
function proxies(value: string | undefined, wrong: Wrong): string[] {
  const word = value?.trim().toLowerCase();
  if (word === undefined || no.includes(word) || unset.includes(word)) return [];
  if (yes.includes(word)) wrong('fastagi', 'proxy_protocol', value ?? '', 'write the addresses of the proxies, such as 127.0.0.1, or none');
  return names(value);
}

function names(value: string | undefined): string[] {
  // A process's first regular expressions are dear.
  return value === undefined ? [] : value.split(/[\s,]+/).filter((name) => name !== '');
}

function place(value: string | undefined, wrong: Wrong): Settings['fastagi']['errorGoto'] {
  if (value === undefined) return undefined;
  const [context, extension, priority, ...more] = value.split(',').map((part) => part.trim());
  if (context && extension && priority && more.length === 0) return { context, extension, priority };
  wrong('fastagi', 'error_goto', value, 'write context,extension,priority');
  return undefined;
}

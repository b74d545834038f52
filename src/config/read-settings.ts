import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { ConfigError } from '../ground/errors';
import { noIni, parseIni, type Ini } from './parse-ini';
import { parseSettings } from './parse-settings';
import type { Sections, Settings } from './settings';

export const defaultFile = '/etc/asterisk/phpagi.conf';

/** What the command line says; it wins over the file. */
export interface CommandLineSettings {
  config?: string;
  basedir?: string;
  setuid?: boolean;
  debug?: boolean;
  record?: string;
}

/** The configuration's file, absolute; it may not be there. */
export function fileOf(config: string | undefined): string {
  const file = config ?? defaultFile;
  return file.startsWith('/') ? file : `${process.cwd()}/${file}`;
}

/**
 * The settings in force. Throws ConfigError where the file cannot be read or makes no sense.
 * @param isSecret whether a script may follow that may not read the file
 */
export function readSettings(options: CommandLineSettings, isSecret = false): Settings {
  return settingsIn(readIni(options.config, isSecret), options);
}

/** The settings in force where the file says this. Throws ConfigError that names all that makes no sense. */
export function settingsIn(ini: Ini, options: CommandLineSettings): Settings {
  return override(parseSettings(ini), options);
}

/** The settings without any file. */
export function defaultSettings(options: CommandLineSettings): Settings {
  return settingsIn(noIni, options);
}

/** What the file says. A default file that is missing is an empty one. */
export function readIni(config: string | undefined, isSecret = false): Ini {
  const file = config ?? defaultFile;
  let text;
  try {
    text = isSecret ? readSecretly(file) : readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && config === undefined) return noIni;
    const remedy = code === 'ENOENT' ? 'create it or correct --config' : "look at the file's owner and mode";
    throw new ConfigError('FASTAGI_CONFIG_UNREADABLE', `the configuration ${file} cannot be read: ${message}; ${remedy}`, { cause });
  }
  const ini = parseIni(text, file);
  return isSecret ? { ...ini, sections: detached(ini.sections) } : ini;
}

/** Freed memory can be had by whoever asks for memory, a script for one: none of it holds the file. */
function readSecretly(file: string): string {
  const descriptor = openSync(file, 'r');
  let bytes = Buffer.allocUnsafeSlow(8192);
  let length = 0;
  try {
    for (let more = 1; more > 0; length += more) {
      if (length === bytes.length) {
        const larger = Buffer.concat([bytes], length * 2);
        bytes.fill(0);
        bytes = larger;
      }
      more = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    bytes.fill(0);
    closeSync(descriptor);
  }
}

/** With texts of their own: what V8 cut out of the file's text would keep all of it, the secrets too, for as long as a script runs. */
function detached(sections: Sections): Sections {
  const copy = Object.create(null) as Sections;
  for (const [name, section] of Object.entries(JSON.parse(JSON.stringify(sections)) as Sections))
    copy[name] = Object.assign(Object.create(null) as Record<string, string>, section);
  return copy;
}

function override(settings: Settings, { basedir, setuid, debug, record }: CommandLineSettings): Settings {
  if (basedir !== undefined) settings.fastagi.basedir = basedir;
  if (setuid !== undefined) settings.fastagi.setuid = setuid;
  if (debug !== undefined) settings.phpagi.debug = debug;
  if (record !== undefined) settings.fastagi.record = record;
  return settings;
}

import { existsSync, readFileSync } from 'node:fs';
import { ConfigError } from '../ground/errors';
import { parseIni } from './parse-ini';
import { parseSettings } from './parse-settings';
import type { Sections, Settings } from './settings';

export const defaultFile = '/etc/asterisk/phpagi.conf';

/** What the command line says; it wins over the file. */
export interface CommandLineSettings {
  config?: string;
  basedir?: string;
  setuid?: boolean;
  debug?: boolean;
}

/** The configuration's file, absolute; undefined where it is not there. */
export function fileOf(config: string | undefined): string | undefined {
  const file = config ?? defaultFile;
  return existsSync(file) ? (file.startsWith('/') ? file : `${process.cwd()}/${file}`) : undefined;
}

/** The settings in force. Throws ConfigError where the file cannot be read or makes no sense. */
export function readSettings(options: CommandLineSettings): Settings {
  return override(parseSettings(readSections(options.config)), options);
}

/** The settings without any file. */
export function defaultSettings(options: CommandLineSettings): Settings {
  return override(parseSettings({}), options);
}

/** The file's sections. A default file that is missing is an empty one. */
export function readSections(config: string | undefined): Sections {
  const file = config ?? defaultFile;
  let text;
  try {
    const bytes = readFileSync(file);
    text = bytes.toString('utf8');
    // Freed memory can be had by whoever asks for memory, a script for one.
    bytes.fill(0);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && config === undefined) return Object.create(null) as Sections;
    const remedy = code === 'ENOENT' ? 'create it or correct --config' : "look at the file's owner and mode";
    throw new ConfigError('FASTAGI_CONFIG_UNREADABLE', `the configuration ${file} cannot be read: ${message}; ${remedy}`, { cause });
  }
  try {
    return detached(parseIni(text, file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('FASTAGI_CONFIG_MALFORMED', `the configuration ${file} is malformed`, { cause: error });
  }
}

/** With texts of their own: what V8 cut out of the file's text would keep all of it, the secrets too, for as long as a script runs. */
function detached(sections: Sections): Sections {
  const copy = Object.create(null) as Sections;
  for (const [name, section] of Object.entries(JSON.parse(JSON.stringify(sections)) as Sections))
    copy[name] = Object.assign(Object.create(null) as Record<string, string>, section);
  return copy;
}

function override(settings: Settings, { basedir, setuid, debug }: CommandLineSettings): Settings {
  if (basedir !== undefined) settings.fastagi.basedir = basedir;
  if (setuid !== undefined) settings.fastagi.setuid = setuid;
  if (debug !== undefined) settings.phpagi.debug = debug;
  return settings;
}

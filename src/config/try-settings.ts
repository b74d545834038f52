import { ConfigError } from '../ground/errors';
import { chainOf, isOpenToAll, masterIn, type Link } from '../ground/trust';
import { defaultSettings, fileOf, readSettings, type CommandLineSettings } from './read-settings';
import type { Settings } from './settings';

/** The settings, and how far they are to be trusted. */
export interface TriedSettings {
  readonly settings: Settings;
  /** Why the settings are only the defaults. */
  readonly settingsError: unknown;
  /** Who besides root could have written the settings. */
  readonly master: 'root' | number;
  /** The configuration's file, if not everybody may read it. */
  readonly settingsFile: string | undefined;
}

/** A configuration that cannot be read must not cost the call its report. */
export function trySettings(options: CommandLineSettings): TriedSettings {
  try {
    const file = fileOf(options.config);
    const { master, isSecret } = lookAtFile(file);
    return { settings: readSettings(options, isSecret), settingsError: undefined, master, settingsFile: isSecret ? file : undefined };
  } catch (settingsError) {
    return { settings: defaultSettings(options), settingsError, master: 'root', settingsFile: undefined };
  }
}

/** What root has to know of the configuration before it reads it. */
export interface SettingsFile {
  /** Who besides root could have written it. */
  readonly master: 'root' | number;
  /** Whether not everybody may read it. */
  readonly isSecret: boolean;
}

/** Throws ConfigError where several users, or anybody, could have written the file. */
export function lookAtFile(file: string): SettingsFile {
  const chain = process.geteuid?.() === 0 ? wayTo(file) : undefined;
  if (!chain) return { master: 'root', isSecret: false };
  const master = masterIn(chain);
  if (typeof master !== 'object') return { master, isSecret: !isOpenToAll(chain) };
  const message = `the configuration ${file} is not trusted, since root's calls would follow it: ${master.why}; ${master.remedy}`;
  throw new ConfigError('FASTAGI_CONFIG_UNTRUSTED', message);
}

/** Undefined where the file is not there. */
function wayTo(file: string): Link[] | undefined {
  try {
    return chainOf(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

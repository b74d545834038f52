import type { Ini } from '../../config/parse-ini';
import { fileOf, readIni, settingsIn, type CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { lookAtFile } from '../../config/try-settings';
import { ConfigError } from '../../ground/errors';

export interface ReadSettings {
  readonly settings: Settings;
  /** Who besides root could have written the file. */
  readonly master: 'root' | number;
  readonly ini: Ini;
}

/** The settings, or what is wrong with them, a line each. */
export function readOrExplain(options: CommandLineSettings): ReadSettings | { readonly problems: readonly string[] } {
  try {
    const { master } = lookAtFile(fileOf(options.config));
    const ini = readIni(options.config);
    return { settings: settingsIn(ini, options), master, ini };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.message.split('\n') };
  }
}

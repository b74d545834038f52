import { readSettings, type CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';

/** What a second start was handed, with the secrets that were withheld, if the user may read the file. */
export function wholeSettings(handed: Settings, options: CommandLineSettings): Settings {
  if (!handed.withheld) return handed;
  try {
    return readSettings(options);
  } catch {
    return handed;
  }
}

import { noIni } from '../../src/config/parse-ini';
import { parseSettings } from '../../src/config/parse-settings';
import type { Sections, Settings } from '../../src/config/settings';

/** The settings that these sections of phpagi.conf make. */
export const settingsOf = (sections: Sections): Settings => parseSettings({ ...noIni, sections });

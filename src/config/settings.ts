import type { KnownSettings } from './settings-table';

/** The settings in force, each key of phpagi.conf with its type. */
export interface Settings extends KnownSettings {
  /** Whether the secrets were left out, since the script's user may not read the file. */
  withheld: boolean;
  /** The text of every section, for scripts that keep their own in the file. */
  sections: Sections;
}

export type Sections = Record<string, Record<string, string>>;

import { ConfigError } from '../ground/errors';
import { placeKey, type Ini } from './parse-ini';
import type { Settings } from './settings';
import { sectionsOfTable, type KnownSettings } from './settings-table';

/** An INI text -> settings, with the defaults for what is not there. Throws one ConfigError that names all that is wrong, each by file, line, section, key and value. */
export function parseSettings({ sections, lines, file, problems: malformed }: Ini): Settings {
  const problems = [...malformed];
  const known: Record<string, Record<string, unknown>> = {};
  for (const [section, rows] of sectionsOfTable()) {
    const wrong = (key: string, value: string, remedy: string): void => {
      const line = lines.get(placeKey(section, key));
      problems.push(`${line === undefined ? '' : `${file}, line ${line}: `}[${section}] ${key} is ${JSON.stringify(value)}; ${remedy}`);
    };
    const values: Record<string, unknown> = {};
    for (const [property, row] of rows) values[property] = row.read(sections[section] ?? {}, wrong);
    known[section] = values;
  }
  if (problems.length === 0) return { ...(known as unknown as KnownSettings), withheld: false, sections };
  throw new ConfigError(malformed.length > 0 ? 'FASTAGI_CONFIG_MALFORMED' : 'FASTAGI_CONFIG_VALUE', [...new Set(problems)].join('\n'));
}

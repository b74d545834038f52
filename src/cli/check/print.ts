import { placeKey, type Ini } from '../../config/parse-ini';
import type { CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { sectionsOfTable } from '../../config/settings-table';
import { masked, maskedText } from '../../ground/masking';
import { visible } from '../../ground/visible';
import type { ScriptCheck } from './scripts';

/** Whoever may write below basedir may choose names that steer a terminal. */
export function printable(line: string): string {
  return visible(maskedText(line));
}

/** Every setting, and where it was set: in a line of the file, or on the command line. */
export function settingsLines(settings: Settings, { lines }: Ini, options: CommandLineSettings): string[] {
  const shown = masked(settings) as Record<string, Record<string, unknown>>;
  return sectionsOfTable().flatMap(([section, rows]) => [
    '',
    `[${section}]`,
    ...rows.map(([property, { key, otherwise }]) => {
      const line = lines.get(placeKey(section, key));
      const place = givenOption(section, key, options) ?? (line === undefined ? '' : `  (line ${line})`);
      return `${key.padEnd(20)} ${valueText(shown[section]?.[property], `(${otherwise || 'none'})`)}${place}`;
    }),
  ]);
}

function givenOption(section: string, key: string, { basedir, setuid, debug, record }: CommandLineSettings): string | undefined {
  const given: Record<string, unknown> = {
    'fastagi basedir': basedir,
    'fastagi setuid': setuid,
    'phpagi debug': debug,
    'fastagi record': record,
  };
  const value = given[`${section} ${key}`];
  return value === undefined ? undefined : `  (--${value === false ? 'no-' : ''}${key})`;
}

/** @param nothing what holds if there is no value */
function valueText(value: unknown, nothing: string): string {
  if (value === undefined) return nothing;
  if (Array.isArray(value)) return value.length === 0 ? nothing : value.join(', ');
  return typeof value === 'object' && value !== null ? Object.values(value).join(',') : String(value);
}

export function scriptLines(checked: readonly ScriptCheck[]): string[] {
  const width = Math.max(0, ...checked.map(({ name }) => name.length));
  const users = Math.max(0, ...checked.map(({ runsAs }) => runsAs.length));
  return checked.flatMap(({ name, runsAs, isProgram, notes, problem }) => {
    const state = problem === undefined ? (isProgram ? 'a program of its own' : 'loads') : `error: ${problem}`;
    return [
      `  ${name.padEnd(width)}  ${runsAs.padEnd(users)}  ${state}`,
      ...notes.map((note) => `  ${''.padEnd(width)}  warning: ${note}`),
    ];
  });
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

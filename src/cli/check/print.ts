import { placeKey, type Ini } from '../../config/parse-ini';
import type { CommandLineSettings } from '../../config/read-settings';
import { knownKeys, type Settings } from '../../config/settings';
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
  return Object.entries(knownKeys).flatMap(([section, keys]) => [
    '',
    `[${section}]`,
    ...keys.map((key) => {
      const value = shown[section]?.[key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
      const line = lines.get(placeKey(section, key));
      const place = givenOption(section, key, options) ?? (line === undefined ? '' : `  (line ${line})`);
      return `${key.padEnd(20)} ${valueText(value, key === 'allow' ? '(any)' : '(none)')}${place}`;
    }),
  ]);
}

function givenOption(section: string, key: string, { basedir, setuid, debug }: CommandLineSettings): string | undefined {
  const given: Record<string, unknown> = { 'fastagi basedir': basedir, 'fastagi setuid': setuid, 'phpagi debug': debug };
  const value = given[`${section} ${key}`];
  return value === undefined ? undefined : `  (--${value === false ? 'no-' : ''}${key})`;
}

/** @param nothing what an empty list means */
function valueText(value: unknown, nothing: string): string {
  if (value === undefined) return '(none)';
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

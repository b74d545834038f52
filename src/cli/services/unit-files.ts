import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listOr, readOr } from './system-facts';
import { parseUnit, type UnitSetting } from './unit-text';

/** Where units lie; the first that has one counts. */
const directories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** A setting, and the file that it stands in. */
export interface PlacedSetting extends UnitSetting {
  readonly file: string;
}

/** A unit with its drop-ins. */
export interface Unit {
  readonly name: string;
  readonly file: string;
  /** The values of a list: those behind the last empty one. */
  all(section: string, name: string): readonly PlacedSetting[];
  /** The value that counts. */
  last(section: string, name: string): PlacedSetting | undefined;
  /** Lines that systemd passes over. */
  readonly stray: readonly { readonly file: string; readonly line: number; readonly text: string }[];
}

/** @param root the system's */
export function readUnit(name: string, root: string): Unit | undefined {
  const file = directories.map((directory) => join(directory, name)).find((path) => existsSync(join(root, path)));
  if (file === undefined) return undefined;
  const files = [file, ...dropIns(name, root)];
  const texts = files.map((path) => ({ path, ...parseUnit(readOr(join(root, path))) }));
  const settings = texts.flatMap(({ path, settings: own }) => own.map((setting) => ({ ...setting, file: path })));
  const all = (section: string, key: string): PlacedSetting[] => {
    const found = settings.filter((one) => one.section === section && one.name === key);
    return found.slice(found.findLastIndex(({ value }) => value === '') + 1);
  };
  return {
    name,
    file,
    all,
    last: (section, key) => all(section, key).at(-1),
    stray: texts.flatMap(({ path, stray }) => stray.map((one) => ({ ...one, file: path }))),
  };
}

/** The names of all units of a kind. */
export function unitNames(suffix: string, root: string): string[] {
  const names = directories.flatMap((directory) => listOr(join(root, directory)));
  return [...new Set(names.filter((name) => name.endsWith(suffix)))].toSorted();
}

/** Whether something starts the unit when the machine starts. */
export function isEnabled(name: string, root: string): boolean {
  return listOr(join(root, '/etc/systemd/system'))
    .filter((directory) => /\.(?:wants|requires)$/.test(directory))
    .some((directory) => listOr(join(root, '/etc/systemd/system', directory)).includes(name));
}

/** In the order of their names, wherever they lie. */
function dropIns(name: string, root: string): string[] {
  const found = new Map<string, string>();
  for (const directory of directories.map((one) => join(one, `${name}.d`)))
    for (const one of listOr(join(root, directory))) if (one.endsWith('.conf') && !found.has(one)) found.set(one, join(directory, one));
  return [...found.keys()].toSorted().map((one) => found.get(one) as string);
}

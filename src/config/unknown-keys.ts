import { placeKey, type Ini } from './parse-ini';
import { knownKeys } from './settings-table';

/** What stands in the file and means nothing, each in a line that names the nearest known name. */
export function unknownKeys({ sections, lines, file }: Ini): string[] {
  const found: string[] = [];
  const all = knownKeys();
  for (const [section, values] of Object.entries(sections)) {
    const known = Object.hasOwn(all, section) ? all[section] : undefined;
    if (!known) {
      // A section of another name is the scripts' own, unless it is a slip of the pen.
      const meant = nearest(section, Object.keys(all));
      if (meant !== undefined) found.push(`[${section}] is unknown; did you mean [${meant}]?`);
      continue;
    }
    for (const key of Object.keys(values)) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      const place = `${file}, line ${lines.get(placeKey(section, key))}`;
      found.push(`${place}: [${section}] ${key} is unknown${meant === undefined ? '' : `; did you mean ${meant}?`}`);
    }
  }
  return found;
}

/** The known word that was probably meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const far = (candidate: string): number => distance(word.toLowerCase(), candidate);
  // Two letters make quite another word of a short one.
  return known.filter((candidate) => far(candidate) <= (candidate.length > 4 ? 2 : 1)).sort((one, other) => far(one) - far(other))[0];
}

/** How many letters must be changed, added or taken away. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, match] of [...other].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === match ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

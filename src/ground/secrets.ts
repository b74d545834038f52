/** What is secret in one call, and what stands for it wherever the call is shown: for the same value the same mark. */
export interface Secrets {
  /** From now on a value is shown by its mark: in texts if it has four characters or more, as what it is on the wire in any case. */
  add(value: string): void;
  /** One key of an entry that is read key by key: what the keys come to is secret, too. */
  addKey(key: string): void;
  /** An entry is over: the next key begins another. */
  endEntry(): void;
  /** Has something else stand for a value. */
  show(value: string, as: string): void;
  /** A value's mark. A value that has none yet gets one. */
  markOf(value: string): string;
  /** A text as it may be shown. */
  hide(text: string): string;
  /** What is looked for in texts, and what stands for it, the longest value first. */
  all(): readonly (readonly [value: string, shown: string])[];
}

/** Shorter values stand in texts by chance. */
const shortest = 4;

/**
 * @param configured gives what is secret in every call; asked once, when something is first shown
 * @param standInFor what a mark has for a value
 */
export function createSecrets(configured: () => Iterable<string> = () => [], standInFor = byChance): Secrets {
  const shown = new Map<string, string>();
  let isComplete = false;
  let entry = nothing;

  const taken = new Set<string>();

  const add = (value: string, given?: string): void => {
    if (value === '' || shown.has(value)) return;
    const standIn = given ?? standInFor(value, taken);
    taken.add(standIn);
    shown.set(value, `${before}${standIn}${behind}`);
  };

  const complete = (): void => {
    if (!isComplete) for (const value of configured()) add(value);
    isComplete = true;
  };

  const all = (): (readonly [value: string, mark: string])[] => {
    complete();
    return [...shown].filter(([value]) => value.length >= shortest).toSorted(([one], [other]) => other.length - one.length);
  };

  const addToEntry = (key: string): void => {
    add(key);
    // What was read key by key stands for itself key by key, so that a script that puts them together comes to the same.
    entry = { keys: entry.keys + key, standIn: entry.standIn + standInOf(shown.get(key) ?? '') };
    add(entry.keys, entry.standIn);
  };

  return {
    add: (value) => add(value),
    addKey(key) {
      // They end entries, and cancel them.
      if (key === '#' || key === '*') entry = nothing;
      else addToEntry(key);
    },
    endEntry: () => void (entry = nothing),
    show: (value, as) => void (value !== '' && shown.set(value, as)),
    markOf(value) {
      add(value);
      return shown.get(value) ?? '';
    },
    hide(text) {
      complete();
      if (shown.size === 0) return text;
      const there = all().filter(([value]) => text.includes(value));
      return there.length === 0 ? text : replaced(text, there);
    },
    all,
  };
}

const nothing = { keys: '', standIn: '' };
const before = '<secret ';
const behind = '>';

/** What a mark has for its value. */
export function standInOf(mark: string): string {
  return mark.slice(before.length, -behind.length);
}

/** Marks in a text; the first group is what they have for their values. */
export const secretMarks = /<secret ([0-9*#a-z]+)>/g;

/** The world's own, whatever a recording gives a script. */
const { random } = Math;

/** Something by chance that looks like the value, keys for keys, letters for anything else, and if it can stands for nothing else. */
function byChance(value: string, taken: ReadonlySet<string>): string {
  const letters = /^[0-9*#]*$/.test(value) ? '0123456789' : 'abcdefghijklmnopqrstuvwxyz';
  const chance = (): string => Array.from(value, () => letters[Math.floor(random() * letters.length)]).join('');
  let standIn = chance();
  for (let tries = 0; standIn === value || (tries < 100 && taken.has(standIn)); tries++) standIn = chance();
  return standIn;
}

/** Of values that overlap, the one that begins first is replaced, of several there the longest. */
function replaced(text: string, pairs: readonly (readonly [value: string, shown: string])[]): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const found = pairs.find(([value]) => text.startsWith(value, at));
    if (!found) continue;
    out += text.slice(from, at) + found[1];
    from = at + found[0].length;
    at = from - 1;
  }
  return out + text.slice(from);
}

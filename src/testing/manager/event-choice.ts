import { eventClasses } from '../../manager/wire/event-classes';
import type { ManagerFields, ReceivedAction } from './manager-wire';

/** Which events one client gets: by its mask, and by its filters. */
export interface EventChoice {
  /** Sets the mask; gives whether events are on then. A class that does not exist switches them off. */
  setMask(text: string): boolean;
  /** Gives the answer to a Filter action. */
  addFilter(action: ReceivedAction): { readonly error?: string; readonly message?: string };
  takes(name: string, text: string, privilege: string): boolean;
  /** What it was told, in order. */
  readonly filters: readonly string[];
}

/** @param read the classes that the user may read */
export function createEventChoice(read: readonly string[] | undefined): EventChoice {
  let mask: ReadonlySet<string> | 'all' = 'all';
  const filters: string[] = [];
  const matches: ((name: string, text: string) => boolean)[] = [];

  return {
    setMask(text) {
      const words = text
        .toLowerCase()
        .split(',')
        .map((word) => word.trim());
      if (words.length === 1 && /^(?:on|yes|true|y|t|1|all)$/.test(words[0] ?? '')) mask = 'all';
      else mask = words.every((word) => (eventClasses as readonly string[]).includes(word)) ? new Set(words) : new Set();
      return mask === 'all' || mask.size > 0;
    },
    addFilter(action) {
      if (action.get('Operation')?.toLowerCase() !== 'add') return { error: 'Unknown operation' };
      const [criteria, pattern = ''] = [action.get('MatchCriteria'), action.get('Filter')];
      const name = /^name\(([^)]+)\)$/.exec(criteria ?? '')?.[1];
      if (criteria !== undefined && name === undefined)
        return { error: 'Filter was formatted incorrectly.  Check the syntax of the filter given.' };
      if (criteria === undefined && pattern === '')
        return { error: 'Filter was formatted incorrectly.  Check the syntax of the filter given.' };
      filters.push(criteria ?? pattern);
      const expression = new RegExp(pattern);
      matches.push(name === undefined ? (_, text) => expression.test(text) : (own) => own === name);
      return { message: 'Success' };
    },
    takes(name, text, privilege) {
      const own = privilege.split(',');
      if (mask !== 'all' && !own.some((each) => mask !== 'all' && mask.has(each))) return false;
      if (read && !own.some((each) => read.includes(each))) return false;
      return matches.length === 0 || matches.some((match) => match(name, text));
    },
    filters,
  };
}

/** An event's fields as the text that filters look at. */
export function filteredText(name: string, fields: ManagerFields): string {
  return `Event: ${name}\r\n${Object.entries(fields).map(([own, value]) => `${own}: ${String(value)}\r\n`).join('')}`; // prettier-ignore
}

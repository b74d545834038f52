import type { Log } from '../ground/log';
import { ask } from './ask';
import type { EventHub } from './events';
import { isRefusal } from './failures';
import type { Session } from './session';
import type { Fields } from './wire/action-text';
import { knownEvent, type EventClass } from './wire/event-classes';

/** Which events Asterisk sends on one connection: those that somebody wants. */
export interface Subscriptions {
  /** Tells Asterisk what has changed; filters before the mask, so that nothing comes that nobody wants. Settles when it has answered. */
  apply(): Promise<void>;
}

/** @param userMask the mask that the user set in Asterisk's words, if so @param version Asterisk's */
export function createSubscriptions(
  session: Session,
  hub: EventHub,
  userMask: () => string | undefined,
  version: string | undefined,
  log: Log,
): Subscriptions {
  /** A filter cannot be taken back. */
  const filters = new Set<string>();
  let mayFilter = true;
  let told = 'system';

  const tell = (action: string, fields: Fields): Promise<void> =>
    ask(session, action, fields, {}).then(
      () => undefined,
      (error: unknown) => refused(action, error),
    );

  const refused = (action: string, error: unknown): void => {
    if (!isRefusal(error)) return;
    if (action === 'Filter') stopFiltering();
    else log.warn(`the event mask could not be set: ${error.message}`);
  };

  /** More comes then, and is passed over here; what other filters keep away must come as well. */
  const stopFiltering = (): void => {
    if (mayFilter) void tell('Filter', { Operation: 'Add', ...filterFields(everything, version) });
    mayFilter = false;
  };

  const addFilters = (names: readonly string[]): Promise<void>[] => {
    const added = mayFilter ? names.filter((name) => !filters.has(name)) : [];
    return added.map((name) => {
      filters.add(name);
      return tell('Filter', { Operation: 'Add', ...filterFields(name, version) });
    });
  };

  const tellMask = (mask: string): Promise<void> => {
    told = mask;
    // A manager with brokeneventsaction does not answer this, but what is asked behind it.
    return Promise.race([tell('Events', { EventMask: mask }), tell('Ping', {})]);
  };

  return {
    async apply() {
      const own = userMask();
      const { mask, names } = own === undefined ? needed(hub.wanted) : { mask: own, names: undefined };
      // Filters keep events from those who want all, unless one lets everything through.
      const filtered = addFilters(names ?? (filters.size > 0 ? [everything] : []));
      const answers = mask === told ? [] : [tellMask(mask)];
      await Promise.all([...filtered, ...answers]);
    },
  };
}

/** In place of a name. */
const everything = '*';

/** The classes of what is wanted, and the names to let through; those that are not known here may be of any class. */
function needed(wanted: EventHub['wanted']): { mask: string; names: string[] | undefined } {
  if (wanted === 'all') return { mask: 'on', names: undefined };
  const known = [...wanted].map(knownEvent);
  if (known.includes(undefined)) return { mask: 'on', names: undefined };
  const events = known.filter((event) => event !== undefined);
  // Shutdown says why the connection will end.
  const classes = new Set<EventClass>(['system', ...events.map((event) => event.class)]);
  const mask = [...classes].join(',');
  return { mask, names: events.length > 0 ? ['FullyBooted', 'Shutdown', ...events.map(({ name }) => name)] : [] };
}

/** Comparing the event's name alone is cheap, and newer than comparing its text with a regular expression. */
function filterFields(name: string, version: string | undefined): Fields {
  if (name === everything) return { Filter: '.' };
  return filtersByName(version) ? { MatchCriteria: `name(${name})` } : { Filter: `Event: ${name}` };
}

/** From 18.26, 20.11, 21.6 and 22.1 on. */
export function filtersByName(version: string | undefined): boolean {
  const [, major, minor] = /^(?:\D*)(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const least: Readonly<Record<string, number>> = { 18: 26, 20: 11, 21: 6, 22: 1 };
  if (major === undefined) return false;
  return Number(major) > 22 || Number(minor) >= (least[major] ?? Infinity);
}

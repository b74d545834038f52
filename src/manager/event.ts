import type { ManagerEvents } from './known-events';
import type { Message } from './wire/message';

/** An event's headers by name: those that it is known to have, and any other. */
type HeaderOf<Name extends string> = (Name extends keyof ManagerEvents ? ManagerEvents[Name] : never) | (string & {});

/** An event: something happened, or an item of a list. */
export interface ManagerEvent<Name extends string = string> extends Omit<
  Message,
  'name' | 'get' | 'all' | 'isEvent' | 'isResponse' | 'actionId'
> {
  readonly name: Name;
  /** The value of a header, of one that repeats the first; undefined if there is none, and for `<unknown>`. */
  get(header: HeaderOf<Name>): string | undefined;
  /** All values of a header that repeats, in Asterisk's order. */
  all(header: HeaderOf<Name>): string[];
}

/** The names of events: the known ones, and any other. */
export type EventName = keyof ManagerEvents | (string & {});

export type EventHandler<Name extends string = string> = (event: ManagerEvent<Name>) => unknown;

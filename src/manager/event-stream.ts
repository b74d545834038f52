import type { Message } from './wire/message';
import type { ManagerEvent } from './event';

/** Which events a loop takes. */
export interface EventsOptions<Name extends string = string> {
  /** Their names, however capitalised; all unless given. */
  readonly names?: readonly Name[] | undefined;
  readonly filter?: ((event: ManagerEvent<Name>) => boolean) | undefined;
  /** How many may wait for the loop (10,000); beyond that the oldest are dropped. */
  readonly buffer?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Events that a loop does not get, at their place among those that it gets. */
export interface Dropped {
  /** How many; undefined if nobody knows, as the connection was away. */
  readonly dropped: number | undefined;
  /** When the first of them came, or the connection ended. */
  readonly from: Date;
  /** When the last of them came, or the connection was there again. */
  readonly to: Date;
}

/** Events for a `for await` loop. */
export type EventStream<Name extends string = string> = AsyncIterableIterator<ManagerEvent<Name> | Dropped, undefined>;

/** What waits for one loop. The socket is read at all times: a loop that is too slow loses the oldest events, and learns it. */
export interface EventBuffer {
  add(event: Message): void;
  addGap(from: Date, to: Date): void;
  next(): Promise<Message | Dropped | undefined>;
  /** The loop ends when it has read what is here. */
  end(): void;
  fail(error: unknown): void;
  /** When the oldest that waits came, in ms since the epoch; undefined if none waits. */
  readonly oldest: number | undefined;
}

type Entry = { readonly at: number; readonly event: Message } | { readonly at: number; readonly gap: Dropped };

/** @param most how many events may wait */
export function createEventBuffer(most: number): EventBuffer {
  let entries: Entry[] = [];
  /** Where the first that nobody has read stands: shifting long arrays is slow. */
  let first = 0;
  /** What was dropped before that. */
  let lost: Dropped | undefined;
  let over: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  const push = (entry: Entry): void => {
    if (over) return;
    entries.push(entry);
    if (entries.length - first > most) dropFirst();
    wake?.();
    wake = undefined;
  };

  const isEmpty = (): boolean => first >= entries.length && !lost && !over;

  const take = (): Entry | undefined => {
    const entry = entries[first++];
    if (first >= entries.length) {
      entries = [];
      first = 0;
    } else if (first > 1000 && first * 2 > entries.length) {
      entries = entries.slice(first);
      first = 0;
    }
    return entry;
  };

  const dropFirst = (): void => {
    const entry = take();
    if (!entry) return;
    const one = 'gap' in entry ? entry.gap : { dropped: 1, from: new Date(entry.at), to: new Date(entry.at) };
    const dropped = lost === undefined ? one.dropped : lost.dropped === undefined ? undefined : lost.dropped + (one.dropped ?? NaN);
    lost = { dropped: Number.isNaN(dropped) ? undefined : dropped, from: lost?.from ?? one.from, to: one.to };
  };

  const finish = (how: { readonly error?: unknown }): void => {
    over ??= how;
    wake?.();
    wake = undefined;
  };

  return {
    add: (event) => push({ at: Date.now(), event }),
    addGap: (from, to) => push({ at: Date.now(), gap: { dropped: undefined, from, to } }),
    async next() {
      if (isEmpty()) await new Promise<void>((resolve) => (wake = resolve));
      if (lost) {
        const gap = lost;
        lost = undefined;
        return gap;
      }
      const entry = first < entries.length ? take() : undefined;
      if (entry) return 'gap' in entry ? entry.gap : entry.event;
      if (over && 'error' in over) throw over.error;
      return undefined;
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    get oldest() {
      return lost?.from.getTime() ?? entries[first]?.at;
    },
  };
}

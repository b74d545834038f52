import type { Message } from './wire/message';
import type { ManagerEvent } from './event';
import { createWaitingLine } from './waiting-line';

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
export interface EventStream<Name extends string = string> extends AsyncIterator<ManagerEvent<Name> | Dropped, undefined> {
  [Symbol.asyncIterator](): EventStream<Name>;
}

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
  const line = createWaitingLine<Entry>();
  /** What was dropped before the first in the line. */
  let lost: Dropped | undefined;

  const push = (entry: Entry): void => {
    line.add(entry);
    const dropped = line.length > most ? line.take() : undefined;
    if (dropped) lost = lost ? joined(lost, gapOf(dropped)) : gapOf(dropped);
  };

  return {
    add: (event) => push({ at: Date.now(), event }),
    addGap: (from, to) => push({ at: Date.now(), gap: { dropped: undefined, from, to } }),
    async next() {
      if (!lost) await line.whenAny();
      if (lost) {
        const gap = lost;
        lost = undefined;
        return gap;
      }
      const entry = await line.next();
      return entry && ('gap' in entry ? entry.gap : entry.event);
    },
    end: line.end,
    fail: line.fail,
    get oldest() {
      return lost?.from.getTime() ?? line.oldest?.at;
    },
  };
}

function gapOf(entry: Entry): Dropped {
  return 'gap' in entry ? entry.gap : { dropped: 1, from: new Date(entry.at), to: new Date(entry.at) };
}

/** Nobody knows how many they are together if nobody knows it of one. */
function joined(earlier: Dropped, later: Dropped): Dropped {
  const isKnown = earlier.dropped !== undefined && later.dropped !== undefined;
  return { dropped: isKnown ? earlier.dropped + later.dropped : undefined, from: earlier.from, to: later.to };
}

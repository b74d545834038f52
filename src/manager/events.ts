import type { Log } from '../ground/log';
import { callHandler } from './call-handler';
import { createEventBuffer, type EventBuffer, type Dropped, type EventsOptions, type EventStream } from './event-stream';
import type { EventHandler, ManagerEvent } from './event';
import type { Message } from './wire/message';

/** Hands events out. Knows no sockets. */
export interface EventHub {
  /** @param names of events; all of them unless given @returns what takes the handler away again */
  on(names: readonly string[] | undefined, handler: EventHandler): () => void;
  stream<Name extends string>(options: EventsOptions<Name>): EventStream<Name>;
  emit(event: Message): void;
  /** What came between these times nobody knows. */
  gap(from: Date, to: Date): void;
  /** The names of the events that somebody wants, in lower case; `all` if somebody wants every one. */
  readonly wanted: ReadonlySet<string> | 'all';
  /** The age of the oldest event that waits for a loop, in ms. */
  readonly lag: number;
  /** Ends the loops. */
  end(): void;
}

interface Taker {
  /** In lower case; undefined for all. */
  readonly names: ReadonlySet<string> | undefined;
  take(event: Message): void;
}

/** @param changed is called when `wanted` may have changed */
export function createEventHub(log: Log, changed: () => void): EventHub {
  const takers = new Set<Taker>();
  const buffers = new Set<EventBuffer>();
  /** Who takes an event of this name, by how Asterisk writes it: thousands come of a few names. */
  const byName = new Map<string, readonly Taker[]>();

  const enter = (taker: Taker): (() => void) => {
    takers.add(taker);
    byName.clear();
    changed();
    return () => {
      if (!takers.delete(taker)) return;
      byName.clear();
      changed();
    };
  };

  const takersOf = (name: string): readonly Taker[] => {
    const known = byName.get(name);
    if (known) return known;
    const lower = name.toLowerCase();
    const found = [...takers].filter(({ names }) => !names || names.has(lower));
    // Whoever may send events chooses names; these must not pile up.
    if (byName.size > 1000) byName.clear();
    byName.set(name, found);
    return found;
  };

  const stream = <Name extends string>({ names, filter, buffer: most = 10_000, signal }: EventsOptions<Name>): EventStream<Name> => {
    const buffer = createEventBuffer(most);
    const wants = (event: Message): boolean => !filter || filter(event as unknown as ManagerEvent<Name>);
    const take = (event: Message): void => {
      try {
        if (wants(event)) buffer.add(event);
      } catch (error) {
        fail(error);
      }
    };
    const leaveHub = enter({ names: namesOf(names), take });
    const leave = (): void => {
      leaveHub();
      buffers.delete(buffer);
      signal?.removeEventListener('abort', abort);
    };
    const stop = (): void => {
      leave();
      buffer.end();
    };
    const fail = (error: unknown): void => {
      leave();
      buffer.fail(error);
    };
    const abort = (): void => fail(signal?.reason);
    buffers.add(buffer);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    const done = { value: undefined, done: true } as const;
    return {
      async next() {
        const value = (await buffer.next()) as unknown as ManagerEvent<Name> | Dropped | undefined;
        if (value !== undefined) return { value, done: false };
        stop();
        return done;
      },
      async return() {
        stop();
        return done;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  return {
    on: (names, handler) =>
      enter({ names: namesOf(names), take: (event) => callHandler(log, `the event ${event.name}`, () => handler(event)) }),
    stream,
    emit(event) {
      if (takers.size === 0) return;
      // One may take another away.
      for (const taker of takersOf(event.name)) if (takers.has(taker)) taker.take(event);
    },
    gap(from, to) {
      for (const buffer of buffers) buffer.addGap(from, to);
    },
    get wanted() {
      const names = new Set<string>();
      for (const taker of takers) {
        if (!taker.names) return 'all';
        for (const name of taker.names) names.add(name);
      }
      return names;
    },
    get lag() {
      const oldest = Math.min(...[...buffers].map((buffer) => buffer.oldest ?? Infinity));
      return oldest === Infinity ? 0 : Math.max(0, Date.now() - oldest);
    },
    end() {
      for (const buffer of buffers) buffer.end();
    },
  };
}

function namesOf(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names && new Set(names.map((name) => name.toLowerCase()));
}

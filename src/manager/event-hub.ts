import type { Log } from '../ground/log';
import type { ManagerEvent } from './wire/message';
import { createWaitingLine } from './waiting-line';

/** Which events a loop takes. */
export interface EventsOptions {
  /** Their names, however capitalised; all unless given. */
  readonly names?: readonly string[] | undefined;
  readonly filter?: ((event: ManagerEvent) => boolean) | undefined;
  /** How many may wait for the loop (10,000); beyond that the oldest are dropped. */
  readonly buffer?: number | undefined;
  /** Is told how many were dropped, each time the loop comes back; without it the log is. */
  readonly onDropped?: ((count: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Events for a `for await` loop. */
export interface EventStream extends AsyncIterableIterator<ManagerEvent> {
  /** How many were dropped so far, as the loop was too slow. */
  readonly dropped: number;
}

export type EventHandler = (event: ManagerEvent) => unknown;

/** Hands events out. */
export interface EventHub {
  /** @param name an event's name, or `*` for those that have no handler of their own */
  on(name: string, handler: EventHandler): () => void;
  stream(options: EventsOptions): EventStream;
  /** For this library's own needs: neither counts as a handler of the event's own, nor is it told of others. */
  watch(mask: string, handler: EventHandler): () => void;
  emit(event: ManagerEvent): void;
  /** The events that somebody wants, as Asterisk's event mask has them. */
  readonly mask: string;
  /** Ends the loops. */
  end(): void;
}

interface Taker {
  readonly mask: string;
  take(event: ManagerEvent): void;
}

/** @param maskChanged is called when `mask` may have changed */
export function createEventHub(log: Log, maskChanged: () => void): EventHub {
  const handlers = new Map<string, Set<EventHandler>>();
  const takers = new Set<Taker>();
  const streams = new Set<() => void>();

  const call = (handler: EventHandler, event: ManagerEvent): void => {
    const failed = (error: unknown): void => log.error(`a handler of the event ${event.name} failed: ${String(error)}`);
    try {
      Promise.resolve(handler(event)).catch(failed);
    } catch (error) {
      failed(error);
    }
  };

  const enter = (taker: Taker): (() => void) => {
    takers.add(taker);
    maskChanged();
    return () => {
      if (takers.delete(taker)) maskChanged();
    };
  };

  const addHandler = (name: string, handler: EventHandler): (() => void) => {
    const of = handlers.get(name) ?? new Set();
    handlers.set(name, of.add(handler));
    maskChanged();
    return () => {
      of.delete(handler);
      if (of.size === 0 && handlers.get(name) === of) handlers.delete(name);
      maskChanged();
    };
  };

  const stream = ({ names, filter, buffer = 10_000, onDropped, signal }: EventsOptions): EventStream => {
    const wanted = names && new Set(names.map((name) => name.toLowerCase()));
    const line = createWaitingLine<ManagerEvent>();
    let dropped = 0;
    let told = 0;

    const leave = enter({
      mask: 'on',
      take(event) {
        if (wanted && !wanted.has(event.name.toLowerCase())) return;
        if (filter && !filter(event)) return;
        line.add(event);
        if (line.length <= buffer) return;
        line.dropFirst();
        dropped++;
      },
    });
    const tell = (): void => {
      if (dropped === told) return;
      const count = dropped - told;
      told = dropped;
      if (onDropped) onDropped(count);
      else log.warn(`${count} events were dropped: the loop over events() takes them more slowly than Asterisk sends them`);
    };
    const stop = (): void => {
      leave();
      streams.delete(line.end);
      signal?.removeEventListener('abort', abort);
      line.end();
    };
    const abort = (): void => {
      line.fail(signal?.reason);
      leave();
    };
    streams.add(line.end);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();

    return {
      get dropped() {
        return dropped;
      },
      async next() {
        const value = await line.next();
        tell();
        if (value !== undefined) return { value, done: false };
        stop();
        return { value, done: true };
      },
      async return() {
        stop();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  return {
    on: (name, handler) => addHandler(name.toLowerCase(), handler),
    stream,
    watch: (mask, handler) => enter({ mask, take: (event) => call(handler, event) }),
    emit(event) {
      for (const taker of takers) taker.take(event);
      for (const handler of handlers.get(event.name.toLowerCase()) ?? handlers.get('*') ?? []) call(handler, event);
    },
    get mask() {
      const masks = new Set([...takers].map((taker) => taker.mask));
      if (masks.has('on') || handlers.size > 0) return 'on';
      return [...masks].join(',') || 'off';
    },
    end() {
      for (const endStream of streams) endStream();
    },
  };
}

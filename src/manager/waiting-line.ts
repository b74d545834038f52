/** What has come and waits for its one reader, who may also wait for what comes. */
export interface WaitingLine<Item> {
  add(item: Item): void;
  /** The oldest, taken out of the line; undefined if nothing waits. */
  take(): Item | undefined;
  /** Settles as soon as something is in the line, or it is over. */
  whenAny(): Promise<void>;
  /** The next item; undefined at the end. Throws what `fail` was given, after everything that came before it. */
  next(): Promise<Item | undefined>;
  end(): void;
  fail(error: unknown): void;
  /** The oldest, which stays. */
  readonly oldest: Item | undefined;
  readonly length: number;
}

export function createWaitingLine<Item>(): WaitingLine<Item> {
  let items: Item[] = [];
  /** Where the first that nobody has read stands: shifting long arrays is slow. */
  let first = 0;
  let over: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  const wakeReader = (): void => {
    wake?.();
    wake = undefined;
  };

  const finish = (how: { readonly error?: unknown }): void => {
    over ??= how;
    wakeReader();
  };

  const take = (): Item | undefined => {
    const item = items[first++];
    if (first >= items.length || (first > 1000 && first * 2 > items.length)) {
      items = items.slice(first);
      first = 0;
    }
    return item;
  };

  const whenAny = async (): Promise<void> => {
    if (first >= items.length && !over) await new Promise<void>((resolve) => (wake = resolve));
  };

  return {
    add(item) {
      if (over) return;
      items.push(item);
      wakeReader();
    },
    take,
    whenAny,
    async next() {
      await whenAny();
      if (first < items.length) return take();
      if (over && 'error' in over) throw over.error;
      return undefined;
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    get oldest() {
      return items[first];
    },
    get length() {
      return items.length - first;
    },
  };
}

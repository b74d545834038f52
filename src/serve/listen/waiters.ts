/** Those who wait until something holds. */
export interface Waiters {
  until(holds: () => boolean): Promise<void>;
  /** Something has changed. */
  look(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<() => void>();
  return {
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    look() {
      for (const one of waiting) one();
    },
  };
}

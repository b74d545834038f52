import type { Connection, Receiver } from '../call/connection';

/** A call's connection without a network. */
export interface MemoryConnection extends Connection {
  /** Bytes come from Asterisk. */
  receive(bytes: string): void;
  /** The connection to Asterisk ends. @param isGivenBack whether the dialplan goes on with the caller */
  lose(isGivenBack?: boolean): void;
  /** A reply of Asterisk's cannot be had. */
  lost(reason: Error): void;
}

/** Whether a call came over the manager. @param environment what Asterisk sent first */
export function isOverManager(environment: string): boolean {
  return /^agi_request: async$/m.test(environment);
}

/**
 * @param environment what Asterisk sends first
 * @param sent is given what goes to Asterisk
 * @param closed told when the script's side has closed it
 */
export function memoryConnection(environment: string, sent: (bytes: string) => void, closed: () => void): MemoryConnection {
  let state: 'open' | 'closed' = 'open';
  let receiver: Receiver | undefined;
  let kept = environment;
  return {
    isQueue: isOverManager(environment),
    read() {
      const bytes = kept;
      kept = '';
      return bytes === '' ? undefined : bytes;
    },
    attach(to) {
      const before = receiver;
      receiver = to;
      return before;
    },
    // As over a network: never within the call that wrote.
    receive: (bytes) => queueMicrotask(() => state === 'open' && receiver?.receive(bytes)),
    lose: (isGivenBack) => queueMicrotask(() => receiver?.end(isGivenBack)),
    lost: (reason) => queueMicrotask(() => receiver?.lost?.(reason)),
    write(bytes) {
      if (state === 'open') sent(bytes);
      return true;
    },
    drained: () => Promise.resolve(),
    pause: () => undefined,
    resume: () => undefined,
    peer: () => '127.0.0.1',
    local: () => '127.0.0.1',
    close() {
      if (state === 'open') closed();
      state = 'closed';
      return Promise.resolve();
    },
  };
}

import type { Tap } from '../tape/tap';
import type { Connection, Receiver } from './connection';

/** The same connection, while some watch what goes over it. @param taps may become more, and fewer */
export function tapped(connection: Connection, taps: readonly Tap[]): Connection {
  let receiver: Receiver | undefined;
  let isSecret = false;
  const watched: Receiver = {
    receive(bytes) {
      for (const tap of taps) tap.passed({ direction: '<', bytes, isSecret });
      receiver?.receive(bytes);
    },
    end(isGivenBack) {
      for (const tap of taps) tap.ended?.(isGivenBack);
      receiver?.end(isGivenBack);
    },
    lost(reason) {
      for (const tap of taps) tap.lost?.();
      receiver?.lost?.(reason);
    },
  };
  return {
    ...connection,
    attach(to) {
      const before = receiver;
      receiver = to;
      if (!before) connection.attach(watched);
      return before;
    },
    write(bytes, answersAtOnce, ofSecret = false) {
      isSecret = ofSecret;
      for (const tap of taps) tap.passed({ direction: '>', bytes, isSecret });
      return connection.write(bytes, answersAtOnce);
    },
  };
}

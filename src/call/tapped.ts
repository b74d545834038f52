import type { Tap } from '../tape/tap';
import type { Connection, Receiver } from './connection';

/** The same connection, while somebody watches what goes over it. */
export function tapped(connection: Connection, tap: Tap): Connection {
  let receiver: Receiver | undefined;
  let isSecret = false;
  const watched: Receiver = {
    receive(bytes) {
      tap.passed({ direction: '<', bytes, isSecret });
      receiver?.receive(bytes);
    },
    end() {
      tap.ended?.();
      receiver?.end();
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
      tap.passed({ direction: '>', bytes, isSecret });
      return connection.write(bytes, answersAtOnce);
    },
  };
}

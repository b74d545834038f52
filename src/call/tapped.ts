import type { Tap } from '../tape/tap';
import type { Connection, Receiver } from './connection';

/** The same connection, while somebody watches what goes over it. */
export function tapped(connection: Connection, tap: Tap): Connection {
  let receiver: Receiver | undefined;
  const watched: Receiver = {
    receive(bytes) {
      tap.passed({ direction: '<', bytes });
      receiver?.receive(bytes);
    },
    end: () => receiver?.end(),
  };
  return {
    ...connection,
    attach(to) {
      const before = receiver;
      receiver = to;
      if (!before) connection.attach(watched);
      return before;
    },
    write(bytes, answersAtOnce) {
      tap.passed({ direction: '>', bytes });
      return connection.write(bytes, answersAtOnce);
    },
  };
}

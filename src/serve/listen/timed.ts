import { commandOf } from '../../agi/wire/command-table';
import type { Receiver } from '../../call/connection';
import type { SocketConnection } from './socket-connection';
import type { Tally } from './tally';

/** A connection whose commands are timed: from the line that goes out to the first of what comes back. @param began by performance.now */
export function timed(connection: SocketConnection, tally: Tally, began: number): SocketConnection {
  let receiver: Receiver | undefined;
  let sent = 0;
  let name = '';
  let isFirst = true;
  const watched: Receiver = {
    receive(bytes) {
      if (name !== '') tally.command(name, (performance.now() - sent) / 1000);
      name = '';
      receiver?.receive(bytes);
    },
    end: () => receiver?.end(),
  };
  return {
    ...connection,
    write(bytes, answersAtOnce) {
      sent = performance.now();
      name = commandName(bytes);
      if (isFirst) tally.firstCommand((sent - began) / 1000);
      isFirst = false;
      return connection.write(bytes, answersAtOnce);
    },
    attach(to) {
      const before = receiver;
      receiver = to;
      if (!before) connection.attach(watched);
      return before;
    },
  };
}

const names = new Map<string, string>();
const mostNames = 200;

/** As the table has it: what a script makes up is `other`. */
function commandName(line: string): string {
  const quote = line.indexOf('"');
  const words = line.slice(0, quote < 0 ? longestCommand : quote);
  const known = names.get(words);
  if (known !== undefined) return known;
  const name = commandOf(words.trim().split(' ').slice(0, 3)) ?? 'other';
  if (names.size < mostNames) names.set(words, name);
  return name;
}

/** In characters. */
const longestCommand = 40;

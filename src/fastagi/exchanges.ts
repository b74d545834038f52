import type { Wire } from '../agi/channel';

/** What went over the wire in one direction, until something went in the other, or one command. */
export interface Exchange {
  readonly direction: '>' | '<';
  /** Its beginning. */
  readonly text: string;
  /** Of all of it, in bytes. */
  readonly length: number;
}

/** The last of what went over the wire, for whoever has to find out what went wrong. */
export interface Exchanges {
  /** The wire, with what is written noted. */
  readonly wire: Wire;
  /** Notes what came. */
  came(bytes: string): void;
  readonly last: readonly Exchange[];
  /** How many commands were sent, by whomever. */
  readonly commands: number;
  /** Counts the commands of somebody else on this wire. */
  count(bytes: string): void;
}

const most = 24;
const longest = 300;

export function noteExchanges(wire: Wire): Exchanges {
  const last: Exchange[] = [];
  let commands = 0;
  const count = (bytes: string): void => {
    for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) commands += 1;
  };
  const note = (direction: '>' | '<', bytes: string): void => {
    const before = last.at(-1);
    // However an answer is cut into packets, it is one.
    if (direction === '<' && before?.direction === '<') {
      last[last.length - 1] = { direction, text: (before.text + bytes).slice(0, longest), length: before.length + bytes.length };
      return;
    }
    last.push({ direction, text: bytes.slice(0, longest), length: bytes.length });
    if (last.length > most) last.shift();
  };
  return {
    wire: {
      write(bytes, answersAtOnce) {
        note('>', bytes);
        count(bytes);
        wire.write(bytes, answersAtOnce);
      },
    },
    came: (bytes) => note('<', bytes),
    last,
    get commands() {
      return commands;
    },
    count,
  };
}

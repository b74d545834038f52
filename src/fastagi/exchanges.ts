import type { Wire } from '../agi/channel';

/** The last lines that went over the wire, for whoever has to find out what went wrong. */
export interface Exchanges {
  /** The wire, with what is written noted. */
  readonly wire: Wire;
  /** Notes what came. */
  came(bytes: string): void;
  readonly lines: readonly string[];
}

const most = 24;
const longest = 300;

export function noteExchanges(wire: Wire): Exchanges {
  const lines: string[] = [];
  const note = (direction: string, bytes: string): void => {
    lines.push(direction + bytes.slice(0, longest));
    if (lines.length > most) lines.shift();
  };
  return {
    wire: {
      write(bytes, answersAtOnce) {
        note('> ', bytes);
        wire.write(bytes, answersAtOnce);
      },
    },
    came: (bytes) => note('< ', bytes),
    lines,
  };
}

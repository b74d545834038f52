import type { Tap } from './tap';

/** What went over the wire in one direction, until something went in the other, or one command. */
export interface Exchange {
  readonly direction: '>' | '<';
  /** Its beginning. */
  readonly text: string;
  /** Of all of it, in bytes. */
  readonly length: number;
}

/** Keeps the last of what went over the wire, for whoever has to find out what went wrong. */
export interface LastLines extends Tap {
  readonly last: readonly Exchange[];
  /** How many commands were sent, by whomever. */
  readonly commands: number;
}

const most = 24;
const longest = 300;

export function createLastLines(): LastLines {
  const last: Exchange[] = [];
  let commands = 0;
  return {
    passed({ direction, bytes }) {
      if (direction === '>') commands += newlines(bytes);
      const before = last.at(-1);
      // However an answer is cut into packets, it is one.
      if (direction === '<' && before?.direction === '<') {
        last[last.length - 1] = { direction, text: (before.text + bytes).slice(0, longest), length: before.length + bytes.length };
        return;
      }
      last.push({ direction, text: bytes.slice(0, longest), length: bytes.length });
      if (last.length > most) last.shift();
    },
    last,
    get commands() {
      return commands;
    },
  };
}

function newlines(bytes: string): number {
  let count = 0;
  for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) count += 1;
  return count;
}

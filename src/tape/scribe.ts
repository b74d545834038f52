import { isProbe } from '../agi/wire/mark';
import type { Secrets } from '../ground/secrets';
import { connectionEnded, replyLost, sessionEnded, type CassetteEntry } from './cassette-text';
import { hiddenLine } from './masking';
import type { Tap } from './tap';

/** Writes down a call line by line, without what is secret. */
export interface Scribe extends Tap {
  ended(isGivenBack?: boolean): void;
  lost(): void;
  /** What happened besides. */
  note(kind: '=' | '!' | '.', text: string): void;
  /** The call is over: what is not a whole line yet is one now. */
  end(): void;
}

/** What reads a value: its answer may have several lines. */
const reader = /^(?:DATABASE GET|GET (?:FULL )?VARIABLE) /;

/** @param now in ms since the call began @param told is given each entry */
export function createScribe(secrets: Secrets, now: () => number, told: (entry: CassetteEntry) => void): Scribe {
  const partial = { '>': '', '<': '' };
  /** The command under way, if it is secret. */
  let command: string | undefined;
  /** A secret answer whose end has not come yet. */
  let held: string[] = [];

  const tell = (kind: '<' | '>', line: string, of?: string): void => {
    for (const text of hiddenLine(line, secrets, of).split('\n')) told({ at: now(), kind, text });
  };

  const release = (): void => {
    if (held.length > 0) tell('<', held.join('\n'), command);
    held = [];
  };

  const took = (direction: '<' | '>', line: string, isSecret: boolean): void => {
    if (direction === '>') {
      release();
      if (!isSecret) command = undefined;
      else if (!isProbe(line)) command = line;
      return tell('>', line, isSecret && !isProbe(line) ? line : undefined);
    }
    if (command !== undefined && reader.test(command)) held.push(line);
    else tell('<', line, command);
  };

  const note: Scribe['note'] = (kind, text) => {
    release();
    told({ at: now(), kind, text });
  };

  return {
    passed({ direction, bytes, isSecret }) {
      const lines = (partial[direction] + bytes).split('\n');
      partial[direction] = lines.pop() ?? '';
      for (const line of lines) took(direction, line, isSecret);
    },
    ended: (isGivenBack) => note('!', isGivenBack ? sessionEnded : connectionEnded),
    lost: () => note('!', replyLost),
    note,
    end() {
      for (const direction of ['>', '<'] as const) {
        if (partial[direction] !== '') took(direction, partial[direction], command !== undefined);
        partial[direction] = '';
      }
      release();
    },
  };
}

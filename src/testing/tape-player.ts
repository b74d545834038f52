import { isProbe } from '../agi/wire/mark';
import { commandOf, readsKeys } from '../agi/wire/command-table';
import { secretMarks } from '../ground/secrets';
import { connectionEnded, replyLost, sessionEnded, type Cassette, type CassetteEntry } from '../tape/cassette-text';
import type { ValueKind, ValueSource } from '../tape/values';

/** Where a call goes another way than its recording. */
export interface Difference {
  /** In the recording's file. */
  readonly line: number;
  /** What the recording has there; undefined at its end. */
  readonly recorded: string | undefined;
  /** What the script did; undefined if it ended. */
  readonly came: string | undefined;
}

/** Plays Asterisk's side of a call as it was recorded. */
export interface TapePlayer {
  readonly environment: string;
  /** Bytes of the script have come. */
  take(bytes: string): void;
  /** The script's side has closed the connection. */
  over(): void;
  readonly values: ValueSource;
  readonly difference: Difference | undefined;
  /** How many of the script's lines were as recorded. */
  readonly matched: number;
}

interface Way {
  send(bytes: string): void;
  /** The connection ends. @param isGivenBack whether the dialplan goes on with the caller */
  end(isGivenBack?: boolean): void;
  /** A reply is lost. */
  lose(): void;
}

const mark = /fastagi-[0-9a-z]{20,}/g;

/** @param configured what is secret in every call: a mark may stand for one of these, too */
export function createTapePlayer({ entries }: Cassette, way: Way, configured: readonly string[] = []): TapePlayer {
  const begin = environmentEnd(entries);
  const values = createValues();
  let at = begin;
  let state: 'playing' | 'off' | 'over' = 'playing';
  let difference: Difference | undefined;
  let matched = 0;
  let partial = '';
  /** The recorded commands, whose answers are still to come, and the marks of this run that stand for the recorded ones. */
  let command = '';
  const marks = new Map<string, string>();

  const differ = (came: string | undefined): void => {
    const entry = entries[at];
    const recorded = entry?.kind === '>' ? entry.text : undefined;
    difference = { line: at + 2, recorded, came };
    state = 'off';
    way.end();
  };

  /** What Asterisk says until the script's next line. */
  const goOn = (): void => {
    values.next();
    for (let entry = entries[at]; entry && entry.kind !== '>'; entry = entries[at]) {
      at += 1;
      if (entry.kind === '=') values.add(entry.text);
      if (entry.kind === '<') way.send(`${answer(entry.text)}\n`);
      if (entry.kind === '!') happen(entry.text);
    }
  };

  const happen = (what: string): void => {
    if (what === connectionEnded) way.end();
    if (what === sessionEnded) way.end(true);
    if (what === replyLost) way.lose();
  };

  const answer = (text: string): string => {
    const name = commandOf(command.split(' ')) ?? '';
    const isKey = readsKeys(name) && name !== 'GET DATA';
    const open = text.replace(secretMarks, (_, standIn: string) =>
      isKey && text.startsWith('200 result=<') ? String(standIn.charCodeAt(0)) : standIn,
    );
    return open.replace(mark, (recorded) => marks.get(recorded) ?? recorded);
  };

  const take = (line: string): void => {
    if (state !== 'playing') return;
    const entry = entries[at];
    if (entry?.kind !== '>' || !isSame(entry.text, line, configured)) return differ(line);
    const [recordedMarks, ownMarks] = [entry.text.match(mark) ?? [], line.match(mark) ?? []];
    for (const [index, recorded] of recordedMarks.entries()) marks.set(recorded, ownMarks[index] ?? recorded);
    if (!isProbe(entry.text)) command = entry.text;
    matched += 1;
    at += 1;
    goOn();
  };

  goOn();
  return {
    environment: entries.slice(0, begin).map(({ text }) => `${answer(text)}\n`).join(''), // prettier-ignore
    take(bytes) {
      const lines = (partial + bytes).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) take(line);
    },
    over() {
      if (state === 'playing' && entries[at]?.kind === '>') differ(undefined);
      if (state === 'playing') state = 'over';
    },
    values: values.source,
    get difference() {
      return difference;
    },
    get matched() {
      return matched;
    },
  };
}

/** Behind the environment's empty line. */
function environmentEnd(entries: readonly CassetteEntry[]): number {
  return entries.findIndex(({ kind, text }) => kind === '<' && text === '') + 1;
}

/** Whether a line is the recorded one: but for marks of its own, and with what marks stand for. */
function isSame(recorded: string, line: string, configured: readonly string[]): boolean {
  const [wanted, is] = [recorded.replace(mark, ''), line.replace(mark, '').replace(secretMarks, '$1')];
  const standIns = wanted.replace(secretMarks, '$1');
  if (standIns === is) return true;
  return configured.some((secret) => wanted.replace(secretMarks, () => secret) === is);
}

/** Gives values as they were recorded, from one line of the wire to the next; where there are none any more, the last one goes on. */
function createValues(): { readonly source: ValueSource; next(): void; add(text: string): void } {
  const fresh = (): Record<ValueKind, string[]> => ({ now: [], random: [], uuid: [] });
  const last = { now: '0', random: '0.5', uuid: '00000000-0000-4000-8000-000000000000' };
  let queues = fresh();
  let isRecorded = false;
  const give = (kind: ValueKind, real: () => string | number): string | number => {
    // A test's recording has none.
    if (!isRecorded) return real();
    last[kind] = queues[kind].shift() ?? last[kind];
    return kind === 'uuid' ? last[kind] : Number(last[kind]);
  };
  return {
    source: give as ValueSource,
    next: () => void (queues = fresh()),
    add(text) {
      // A secret may have been in it, by chance too.
      const [kind = '', value = ''] = text.replace(secretMarks, '$1').split(' ');
      isRecorded = true;
      if (Object.hasOwn(queues, kind)) queues[kind as ValueKind].push(value);
    },
  };
}

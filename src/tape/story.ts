import { wordsOf } from '../agi/wire/words';
import type { CassetteEntry } from './cassette-text';
import { readable, type LadderStep } from './ladder';
import { createSilenceWatch, type Silence } from './silence';

/** All that there is to show of a call. */
export interface Story {
  readonly title: string;
  /** What the call was, by name: channel, script, when. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly steps: readonly LadderStep[];
  readonly silences: readonly Silence[];
  /** As the dialplan reads it, or another word for what it came to. */
  readonly status: string;
  /** What went wrong, and where, a line each; empty if nothing did. */
  readonly failure: readonly string[];
}

/** What a line of the wire has the caller hear: sounds' files, or what is said, `digits 123`. */
function heardIn(line: string): string[] {
  const words = wordsOf(line);
  const [first = '', second = '', third = ''] = words;
  const two = `${first} ${second}`.toUpperCase();
  if (['STREAM FILE', 'GET DATA', 'GET OPTION'].includes(two)) return [third].filter((file) => file !== '');
  if (two === 'CONTROL STREAM') return [words[3] ?? ''];
  if (two.startsWith('SAY ')) return [`${second.toLowerCase()} ${third}`];
  return /^EXEC (?:PLAYBACK|BACKGROUND)$/.test(two) ? (third.split(',', 1)[0] ?? '').split('&') : [];
}

/** Whether the caller is listened to while a command runs. */
function listens(line: string): boolean {
  return /^(?:GET DATA|GET OPTION|WAIT FOR DIGIT|RECORD FILE|RECEIVE|SPEECH RECOGNIZE)\b/i.test(line);
}

/** What a line of the wire changes, if Asterisk carries it out: `NAME = value`. */
function changeIn(line: string): string | undefined {
  const words = wordsOf(line);
  const [, , first = '', second = '', third = ''] = words;
  const two = words.slice(0, 2).join(' ').toUpperCase();
  if (two === 'SET VARIABLE') return `${first} = ${second}`;
  if (two === 'DATABASE PUT') return `database ${first}/${second} = ${third}`;
  if (two === 'DATABASE DEL') return `database ${first}/${second} is gone`;
  return /^SET (?:CONTEXT|EXTENSION|PRIORITY)$/.test(two) ? `the dialplan's ${two.slice(4).toLowerCase()} = ${first}` : undefined;
}

/** What stands in a story before the place at which a script went another way than it was recorded. */
export const otherwiseWords = 'from here on the script behaves otherwise: ';

/**
 * What went over a wire, as a story: with what the caller heard, what changed, and when there was silence.
 * @param otherwise the entry at which a script went another way, and what it did
 */
export function storyOfTape(
  entries: readonly CassetteEntry[],
  otherwise?: { readonly index: number; readonly came: string },
): Pick<Story, 'steps' | 'silences' | 'status' | 'failure'> {
  const steps: LadderStep[] = [];
  const silence = createSilenceWatch();
  const failure: string[] = [];
  let status = '';
  /** The commands that Asterisk answers next. */
  let waiting: string[] = [];
  let isAnswered = false;
  let state: 'request' | 'talk' = 'request';
  for (const [index, { at, kind, text }] of entries.entries()) {
    if (index === otherwise?.index) steps.push({ at, who: 'note', text: `${otherwiseWords}${otherwise.came}` });
    if (kind === '.') {
      status = text;
      silence.began(at);
    } else if (kind === '!') {
      failure.push(text);
      steps.push({ at, who: 'note', text });
    } else if (kind === '>') {
      if (isAnswered) waiting = [];
      isAnswered = false;
      waiting.push(text);
      steps.push({ at, who: 'script', text });
      const heard = heardIn(text);
      if (heard.length > 0 || listens(text)) silence.began(at);
      for (const sound of heard) steps.push({ at, who: 'caller', text: `hears ${sound}` });
    } else if (kind === '<' && state === 'request') {
      if (text === '') state = 'talk';
    } else if (kind === '<') {
      steps.push({ at, who: 'asterisk', text });
      const [command = ''] = waiting;
      if (waiting.length > 1) waiting.shift();
      else isAnswered = true;
      const change = text.startsWith('200 result=') ? changeIn(command) : undefined;
      if (change !== undefined && /result=[01]/.test(text)) steps.push({ at, who: 'note', text: change });
      const isAudible = heardIn(command).length > 0 || listens(command);
      // The dialplan may have answered the call: whoever hears something is connected.
      if (isAudible || command.startsWith('ANSWER')) silence.answered(at);
      if (isAudible) silence.ended(at);
    }
  }
  return { steps, silences: silence.all(), status: status.split(' ', 1)[0] ?? '', failure: failure.map(readable) };
}

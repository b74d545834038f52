import { ProtocolError, UsageError } from '../ground/errors';
import { encodeText } from '../ground/text';
import { longestAnswer } from './answer-deadline';
import type { Command } from './channel-types';
import { traitsOf } from './wire/command-table';
import type { Reply } from './wire/reply';
import type { Awaiting } from './wire/reply-reader';

/** What follows a command. */
export function awaitingOf(command: Command): Awaiting {
  if (command.fence !== undefined) return { kind: 'fenced', fence: command.fence };
  const { holds } = traitsOf(command.words);
  return { kind: holds === 'reason' ? 'reply' : holds };
}

/** A function of the dialplan behind a variable may take its time. */
export function mustAnswerSoon({ words, line }: Command): boolean {
  return !(words.endsWith('VARIABLE') && line.includes('('));
}

/**
 * Whether more may be sent before this one is answered: it cannot end the session, whose next one would carry out what is behind it, and where its reply ends
 * is plain.
 */
export function mayBeFollowed({ words, signal }: Command): boolean {
  const { answersAtOnce, holds } = traitsOf(words);
  return answersAtOnce && holds === 'reason' && !signal && !/^(?:ASYNCAGI|HANGUP|SPEECH)/.test(words);
}

/** Whether a command hangs up this very channel. Asterisk looks names up regardless of case. @param names what it is known by */
export function hangsUp({ words, line }: Command, names: readonly (string | undefined)[]): boolean {
  if (words !== 'HANGUP') return false;
  const argument = line.trim().slice(words.length).trim();
  const named = argument.startsWith('"') ? argument.slice(1, -1).replace(/\\(.)/g, '$1') : argument;
  return named === '' || names.some((name) => name !== undefined && encodeText(name).toLowerCase() === named.toLowerCase());
}

/** RECEIVE CHAR says so on every channel without text too. */
export function saysHangup({ words }: Command, { code, data }: Reply): boolean {
  return code === 511 || (code === 200 && data === 'hangup' && words !== 'RECEIVE CHAR' && traitsOf(words).holds !== 'value');
}

export function released(words: string): UsageError {
  return new UsageError(
    'FASTAGI_RELEASED',
    `${words}: the dialplan has the call again (release), and the script can send no more commands`,
  );
}

export function noAnswer(words: string): ProtocolError {
  const message = `${words}: Asterisk did not answer within ${longestAnswer / 1000} s, and no further command was sent; look at its console and load`;
  return new ProtocolError('FASTAGI_REPLY_TIMEOUT', message);
}

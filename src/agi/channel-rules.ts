import { ProtocolError, UsageError } from '../ground/errors';
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

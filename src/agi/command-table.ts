/** What the protocol has to know of a command before it is sent. */
export interface CommandTraits {
  /** Works on a dead channel too. */
  readonly onDeadChannel: boolean;
  /** Its brackets hold a value, not a reason. */
  readonly isValue: boolean;
  /** Answers without waiting for the caller, for time or for an application. */
  readonly answersAtOnce: boolean;
}

const dead = [
  'ASYNCAGI BREAK', 'DATABASE DEL', 'DATABASE DELTREE', 'DATABASE GET', 'DATABASE PUT', 'EXEC', 'GET VARIABLE', 'GET FULL VARIABLE', 'NOOP', 'SET VARIABLE',
  'VERBOSE', 'SPEECH DESTROY', 'SPEECH UNLOAD GRAMMAR',
]; // prettier-ignore
const values = ['GET VARIABLE', 'GET FULL VARIABLE', 'DATABASE GET', 'RECEIVE TEXT'];
const waiting = [
  'ANSWER', 'CONTROL STREAM FILE', 'EXEC', 'GET DATA', 'GET OPTION', 'GOSUB', 'RECEIVE CHAR', 'RECEIVE TEXT', 'RECORD FILE', 'SAY ALPHA', 'SAY DATE', 'SAY DATETIME',
  'SAY DIGITS', 'SAY NUMBER', 'SAY PHONETIC', 'SAY TIME', 'SEND IMAGE', 'SEND TEXT', 'SPEECH RECOGNIZE', 'STREAM FILE', 'TDD MODE', 'WAIT FOR DIGIT',
]; // prettier-ignore
const others = [
  'CHANNEL STATUS', 'HANGUP', 'SET AUTOHANGUP', 'SET CALLERID', 'SET CONTEXT', 'SET EXTENSION', 'SET MUSIC', 'SET PRIORITY', 'SPEECH ACTIVATE GRAMMAR', 'SPEECH CREATE',
  'SPEECH DEACTIVATE GRAMMAR', 'SPEECH LOAD GRAMMAR', 'SPEECH SET',
]; // prettier-ignore

function isKnown(words: string): boolean {
  return waiting.includes(words) || dead.includes(words) || values.includes(words) || others.includes(words);
}

/** An unknown command is sent whatever the channel's state, and may take its time. */
const unknown: CommandTraits = { onDeadChannel: true, isValue: false, answersAtOnce: false };

/** The command that a line's words begin with, where it is known here. */
export function commandOf(words: readonly string[]): string | undefined {
  for (let count = 3; count > 0; count--) {
    const candidate = words.slice(0, count).join(' ').toUpperCase();
    if (candidate.split(' ').length === count && isKnown(candidate)) return candidate;
  }
  return undefined;
}

/** What is known of a command by its words. */
export function traitsOf(words: string): CommandTraits {
  if (!isKnown(words)) return unknown;
  return { onDeadChannel: dead.includes(words), isValue: values.includes(words), answersAtOnce: !waiting.includes(words) };
}

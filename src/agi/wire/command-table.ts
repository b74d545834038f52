/** What the protocol has to know of a command before it is sent. */
export interface CommandTraits {
  /** So many of its arguments must be given. */
  readonly least: number;
  /** Works on a dead channel too. */
  readonly onDeadChannel: boolean;
  /** What its reply holds: no foreign text, a value in brackets, or what was recognized. */
  readonly holds: 'reason' | 'value' | 'speech';
  /** Its first argument may hold a secret, and stands in no message. */
  readonly isHidden: boolean;
  /** Answers without waiting for the caller, for time or for an application. */
  readonly answersAtOnce: boolean;
}

const [none, dead, value, waits, speech, hidden] = [0, 1, 2, 4, 8, 16];

/** How many arguments each needs, and what it is like. */
const rows: Readonly<Record<string, readonly [least: number, traits: number]>> = {
  ANSWER: [0, waits],
  'ASYNCAGI BREAK': [0, dead],
  'CHANNEL STATUS': [0, none],
  'CONTROL STREAM FILE': [2, waits],
  'DATABASE DEL': [2, dead],
  'DATABASE DELTREE': [1, dead],
  'DATABASE GET': [2, dead | value],
  'DATABASE PUT': [3, dead],
  EXEC: [2, dead | waits],
  'GET DATA': [1, waits],
  'GET FULL VARIABLE': [1, dead | value | hidden],
  'GET OPTION': [2, waits],
  'GET VARIABLE': [1, dead | value],
  GOSUB: [3, waits],
  HANGUP: [0, none],
  NOOP: [0, dead | hidden],
  'RECEIVE CHAR': [1, waits],
  'RECEIVE TEXT': [1, value | waits],
  'RECORD FILE': [4, waits],
  'SAY ALPHA': [2, waits | hidden],
  'SAY DATE': [2, waits | hidden],
  'SAY DATETIME': [2, waits | hidden],
  'SAY DIGITS': [2, waits | hidden],
  'SAY NUMBER': [2, waits | hidden],
  'SAY PHONETIC': [2, waits | hidden],
  'SAY TIME': [2, waits | hidden],
  'SEND IMAGE': [1, waits],
  'SEND TEXT': [1, waits | hidden],
  'SET AUTOHANGUP': [1, none],
  'SET CALLERID': [1, hidden],
  'SET CONTEXT': [1, none],
  'SET EXTENSION': [1, hidden],
  'SET MUSIC': [1, none],
  'SET PRIORITY': [1, none],
  'SET VARIABLE': [2, dead],
  'SPEECH ACTIVATE GRAMMAR': [1, none],
  'SPEECH CREATE': [1, none],
  'SPEECH DEACTIVATE GRAMMAR': [1, none],
  'SPEECH DESTROY': [0, dead],
  'SPEECH LOAD GRAMMAR': [2, none],
  'SPEECH RECOGNIZE': [2, waits | speech],
  'SPEECH SET': [2, none],
  'SPEECH UNLOAD GRAMMAR': [1, dead],
  'STREAM FILE': [2, waits],
  'TDD MODE': [1, waits],
  VERBOSE: [1, dead | hidden],
  'WAIT FOR DIGIT': [1, waits],
};

/** An unknown command is sent whatever the channel's state, and may take its time. */
const unknown = [0, dead | waits] as const;

/** The command that a line's words begin with, where it is known here. */
export function commandOf(words: readonly string[]): string | undefined {
  for (let count = 3; count > 0; count--) {
    const candidate = words.slice(0, count).join(' ').toUpperCase();
    // A quoted word that holds a blank is no two words.
    if (candidate.split(' ').length === count && Object.hasOwn(rows, candidate)) return candidate;
  }
  return undefined;
}

/** Whether a command's result may be a key that the caller pressed, or several. */
export function readsKeys(words: string): boolean {
  return /^(?:GET (?:DATA|OPTION)|WAIT FOR DIGIT|(?:CONTROL )?STREAM FILE|SAY \w+|RECORD FILE|EXEC)$/.test(words);
}

/** Whether a command's last argument is a value that is kept. */
export function writesValue(words: string): boolean {
  return words === 'SET VARIABLE' || words === 'DATABASE PUT';
}

/** What is known of a command by its words. */
export function traitsOf(words: string): CommandTraits {
  const [least, traits] = (Object.hasOwn(rows, words) ? rows[words] : undefined) ?? unknown;
  const has = (bit: number): boolean => (traits & bit) !== 0;
  const holds = has(value) ? 'value' : has(speech) ? 'speech' : 'reason';
  return { least, holds, onDeadChannel: has(dead), isHidden: has(hidden), answersAtOnce: !has(waits) };
}

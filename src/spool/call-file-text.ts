import { checkedFlag, textOf } from '../ground/argument';
import { encodeText } from '../ground/text';
import { UsageError } from '../ground/errors';

/** A call that Asterisk is to make. Either `application`, or `context` (and `extension`, `priority`), says what happens when it is answered. */
export interface CallFileOptions {
  /** Whom to call: `PJSIP/100`, `Local/100@internal`. */
  channel: string;
  /** Who seems to call: `"Name" <number>`. */
  callerId?: string | undefined;
  /** How often a call that fails is tried again (0). */
  maxRetries?: number | undefined;
  /** How long to wait before that, in s (300). */
  retryTime?: number | undefined;
  /** How long it rings, in s (45). */
  waitTime?: number | undefined;
  context?: string | undefined;
  /** `s` unless given. */
  extension?: string | undefined;
  /** 1 unless given. */
  priority?: number | string | undefined;
  application?: string | undefined;
  /** What the application is given. */
  data?: string | undefined;
  account?: string | undefined;
  codecs?: string | undefined;
  /** Whether the call counts as answered as soon as sound comes. */
  earlyMedia?: boolean | undefined;
  variables?: Readonly<Record<string, string | number>> | undefined;
  /** Whether the file is kept in `outgoing_done` afterwards. */
  archive?: boolean | undefined;
}

/**
 * A call file, a byte a character. Throws UsageError for what would say something else there: Asterisk cuts comments and blanks off, and passes
 * over lines that are too long, without a word.
 */
export function callFileText(options: CallFileOptions): string {
  const { channel, application, context, variables = {} } = options;
  if (!channel) throw wrong('channel', 'is missing; name whom to call, PJSIP/100');
  if ((application === undefined) === (context === undefined)) {
    throw wrong('application', 'and context: give one of them, for what happens when the call is answered');
  }
  const lines: [line: string, name: string, value: unknown][] = [
    ['Channel', 'channel', channel],
    ['Callerid', 'callerId', options.callerId],
    ['MaxRetries', 'maxRetries', whole('maxRetries', options.maxRetries)],
    ['RetryTime', 'retryTime', whole('retryTime', options.retryTime)],
    ['WaitTime', 'waitTime', whole('waitTime', options.waitTime)],
    ['Account', 'account', options.account],
    ['Codecs', 'codecs', options.codecs],
    ['Application', 'application', application],
    ['Data', 'data', options.data],
    ['Context', 'context', context],
    ['Extension', 'extension', context === undefined ? undefined : (options.extension ?? 's')],
    ['Priority', 'priority', context === undefined ? undefined : (options.priority ?? 1)],
    ['Early_media', 'earlyMedia', yesOrNo('earlyMedia', options.earlyMedia)],
    ['Archive', 'archive', yesOrNo('archive', options.archive)],
  ];
  const plain = lines.map(([line, name, value]) => (value === undefined ? '' : lineOf(line, name, value)));
  const set = Object.entries(variables).map(([name, value]) => lineOf('Setvar', `variables.${name}`, value, `${variableName(name)}=`));
  return [...plain, ...set].join('');
}

/** What Asterisk reads of a line, in bytes, without its newline: a longer one it passes over. */
const longestLine = 1022;

/** @param before what stands in front of the value: where something does, Asterisk takes no blanks off at its beginning */
function lineOf(line: string, name: string, value: unknown, before = ''): string {
  const text = textOf(value, 'callFile', name);
  if (/[\r\n\0]/.test(text)) throw wrong(name, 'holds a newline, which would begin another line; take it out first');
  if (/[ \t]#/.test(text))
    throw wrong(name, 'holds a # behind a blank, which begins a comment there, and has no escape; take one of them out');
  if (before === '' && isBlank(text, 0)) throw wrong(name, 'begins with a blank, which Asterisk takes off; take it off first');
  if (isBlank(text, text.length - 1)) throw wrong(name, 'ends with a blank, which Asterisk takes off; take it off first');
  // A # behind the blank would begin a comment.
  const colon = before === '' && text.startsWith('#') ? ':' : ': ';
  const whole = `${line}${colon}${before}${encodeText(text).replaceAll(';', '\\;')}`;
  if (whole.length <= longestLine) return `${whole}\n`;
  throw wrong(
    name,
    `makes a line of ${whole.length} bytes, and Asterisk passes over those above ${longestLine}; pass it in the database (databasePut)`,
  );
}

/** What Asterisk takes for blank: control characters too. */
function isBlank(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20;
}

function variableName(name: string): string {
  if (/^[\w()@-]+$/.test(name)) return name;
  throw wrong(`variables ${JSON.stringify(name)}`, 'is no name of a variable');
}

function yesOrNo(name: string, value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : checkedFlag(value, 'callFile', name) ? 'yes' : 'no';
}

function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
  throw wrong(name, `is ${value}; write a whole number of s or tries`);
}

function wrong(name: string, why: string): UsageError {
  return new UsageError('FASTAGI_CALL_FILE', `callFile: ${name} ${why}`);
}

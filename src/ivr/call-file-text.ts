import { UsageError } from '../ground/errors';

/** A call that Asterisk is to make. Either `application`, or `context` (and `extension`, `priority`), says what happens when it is answered. */
export interface CallFileOptions {
  /** Whom to call: `PJSIP/100`, `Local/100@internal`. */
  channel: string;
  /** Who seems to call: `"Name" <number>`. */
  callerId?: string;
  /** How often a call that fails is tried again (0). */
  maxRetries?: number;
  /** How long to wait before that, in s (300). */
  retryTime?: number;
  /** How long it rings, in s (45). */
  waitTime?: number;
  context?: string;
  /** `s` unless given. */
  extension?: string;
  /** 1 unless given. */
  priority?: number | string;
  application?: string;
  /** What the application is given. */
  data?: string;
  account?: string;
  codecs?: string;
  /** Whether the call counts as answered as soon as sound comes. */
  earlyMedia?: boolean;
  variables?: Readonly<Record<string, string>>;
  /** Whether the file is kept in `outgoing_done` afterwards. */
  archive?: boolean;
}

/** The text of a call file. Throws UsageError for what would say something else there. */
export function callFileText(options: CallFileOptions): string {
  const { channel, application, context, variables = {} } = options;
  if (!channel) throw wrong('channel', 'is missing; name whom to call, PJSIP/100');
  if ((application === undefined) === (context === undefined)) {
    throw wrong('application', 'and context: give one of them, for what happens when the call is answered');
  }
  const lines: [name: string, value: string | number | undefined][] = [
    ['Channel', channel],
    ['Callerid', options.callerId],
    ['MaxRetries', whole('maxRetries', options.maxRetries)],
    ['RetryTime', whole('retryTime', options.retryTime)],
    ['WaitTime', whole('waitTime', options.waitTime)],
    ['Account', options.account],
    ['Codecs', options.codecs],
    ['Application', application],
    ['Data', options.data],
    ['Context', context],
    ['Extension', context === undefined ? undefined : (options.extension ?? 's')],
    ['Priority', context === undefined ? undefined : (options.priority ?? 1)],
    ['Early_media', options.earlyMedia === undefined ? undefined : options.earlyMedia ? 'yes' : 'no'],
    ['Archive', options.archive === undefined ? undefined : options.archive ? 'yes' : 'no'],
    ...Object.entries(variables).map(([name, value]): [string, string] => ['Setvar', `${variableName(name)}=${oneLine(name, value)}`]),
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${oneLine(name, String(value))}\n`])).join('');
}

function variableName(name: string): string {
  if (/^[\w()@-]+$/.test(name)) return name;
  throw wrong(`variables ${JSON.stringify(name)}`, 'is no name of a variable');
}

/** A newline would begin a line of its own; a `;` a comment. */
function oneLine(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw wrong(name, 'holds a newline, which would begin another line; take it out first');
  return value.replaceAll(/\\?;/g, '\\;');
}

function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
  throw wrong(name, `is ${value}; write a whole number of s or tries`);
}

function wrong(name: string, why: string): UsageError {
  return new UsageError('FASTAGI_CALL_FILE', `callFile: ${name} ${why}`);
}

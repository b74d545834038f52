import type { Commands } from '../agi/agi';
import type { Interruptible } from '../agi/command-sender';
import { UsageError } from '../ground/errors';

/**
 * Something to play. A text is a sound file's name, or, behind a `*`, a text to speak. Dates and times are said as
 * Asterisk says them, a number is in seconds since 1970, `format` as in its SayUnixTime.
 */
export type Prompt =
  | string
  | { file: string }
  | { say: string }
  | { digits: string | number }
  | { number: number; gender?: string | undefined }
  | { alpha: string }
  | { phonetic: string }
  | { date: Date | number }
  | { time: Date | number }
  | { dateTime: Date | number; format?: string | undefined; timezone?: string | undefined }
  /** A silence, in ms. */
  | { pause: number };

/** One prompt, or several to play in a row. */
export type Prompts = Prompt | readonly Prompt[];

/** Speaks a text; gives the escape digit that stopped it. */
export type Speak = (text: string, escapeDigits: string, options: Interruptible) => Promise<string | undefined>;

/**
 * Plays prompts in a row until one of these digits is pressed, which is given back.
 * @param options a signal that stops them: at once, but for what SAY commands say, which Asterisk says to its end
 */
export async function playPrompts(
  agi: Commands,
  speak: Speak,
  prompts: Prompts,
  escapeDigits = '',
  options: Interruptible = {},
): Promise<string | undefined> {
  for (const prompt of Array.isArray(prompts) ? (prompts as readonly Prompt[]) : [prompts as Prompt]) {
    options.signal?.throwIfAborted();
    const key = await playPrompt(agi, speak, prompt, escapeDigits, options);
    if (key !== undefined) return key;
  }
  options.signal?.throwIfAborted();
  return undefined;
}

async function playPrompt(agi: Commands, speak: Speak, prompt: Prompt, keys: string, options: Interruptible): Promise<string | undefined> {
  const stream = async (file: string): Promise<string | undefined> => (await agi.streamFile(file, keys, undefined, options)).digit;
  if (typeof prompt === 'string') return prompt.startsWith('*') ? speak(prompt.slice(1), keys, options) : stream(prompt);
  if (typeof prompt === 'object' && prompt !== null) {
    if ('file' in prompt) return stream(prompt.file);
    if ('say' in prompt) return speak(prompt.say, keys, options);
    if ('digits' in prompt) return agi.sayDigits(prompt.digits, keys);
    if ('number' in prompt) return agi.sayNumber(prompt.number, keys, prompt.gender);
    if ('alpha' in prompt) return agi.sayAlpha(prompt.alpha, keys);
    if ('phonetic' in prompt) return agi.sayPhonetic(prompt.phonetic, keys);
    if ('date' in prompt) return agi.sayDate(prompt.date, keys);
    if ('time' in prompt) return agi.sayTime(prompt.time, keys);
    if ('dateTime' in prompt) return agi.sayDateTime(prompt.dateTime, keys, prompt.format, prompt.timezone);
    if ('pause' in prompt) return waitFor(agi, prompt.pause, keys, options);
  }
  throw new UsageError(
    'FASTAGI_PROMPT',
    `a prompt is ${JSON.stringify(prompt)}; write a file's name, '*text', { digits: '12' } or the like`,
  );
}

/** Another key does not end it, as none ends a file. */
async function waitFor(agi: Commands, ms: number, keys: string, options: Interruptible): Promise<string | undefined> {
  const end = performance.now() + ms;
  for (let left = ms; ;) {
    const key = await agi.waitForDigit(left, options);
    if (key === undefined || keys.includes(key)) return key;
    left = Math.max(0, Math.round(end - performance.now()));
  }
}

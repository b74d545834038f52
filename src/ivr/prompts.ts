import type { Agi } from '../agi/agi';
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
  | { number: number; gender?: string }
  | { alpha: string }
  | { phonetic: string }
  | { date: Date | number }
  | { time: Date | number }
  | { dateTime: Date | number; format?: string; timezone?: string }
  /** A silence, in ms. */
  | { pause: number };

/** One prompt, or several to play in a row. */
export type Prompts = Prompt | readonly Prompt[];

/** Speaks a text; gives the escape digit that stopped it. */
export type Speak = (text: string, escapeDigits: string) => Promise<string | undefined>;

/** Plays prompts in a row until one of these digits is pressed, which is given back. */
export async function playPrompts(agi: Agi, speak: Speak, prompts: Prompts, escapeDigits: string): Promise<string | undefined> {
  for (const prompt of Array.isArray(prompts) ? (prompts as readonly Prompt[]) : [prompts as Prompt]) {
    const key = await playPrompt(agi, speak, prompt, escapeDigits);
    if (key !== undefined) return key;
  }
  return undefined;
}

async function playPrompt(agi: Agi, speak: Speak, prompt: Prompt, keys: string): Promise<string | undefined> {
  if (typeof prompt === 'string') {
    return prompt.startsWith('*') ? speak(prompt.slice(1), keys) : (await agi.streamFile(prompt, keys)).digit;
  }
  if ('file' in prompt) return (await agi.streamFile(prompt.file, keys)).digit;
  if ('say' in prompt) return speak(prompt.say, keys);
  if ('digits' in prompt) return agi.sayDigits(prompt.digits, keys);
  if ('number' in prompt) return agi.sayNumber(prompt.number, keys, prompt.gender);
  if ('alpha' in prompt) return agi.sayAlpha(prompt.alpha, keys);
  if ('phonetic' in prompt) return agi.sayPhonetic(prompt.phonetic, keys);
  if ('date' in prompt) return agi.sayDate(prompt.date, keys);
  if ('time' in prompt) return agi.sayTime(prompt.time, keys);
  if ('dateTime' in prompt) return agi.sayDateTime(prompt.dateTime, keys, prompt.format, prompt.timezone);
  if ('pause' in prompt) return waitFor(agi, prompt.pause, keys);
  throw new UsageError(
    'FASTAGI_PROMPT',
    `a prompt is ${JSON.stringify(prompt)}; write a file's name, '*text', { digits: '12' } or the like`,
  );
}

/** Another key does not end it, as none ends a file. */
async function waitFor(agi: Agi, ms: number, keys: string): Promise<string | undefined> {
  const key = await agi.waitForDigit(ms);
  return key !== undefined && keys.includes(key) ? key : undefined;
}

import type { Commands } from '../agi/agi';
import { readSecretly } from '../agi/command-group';
import type { Secrecy } from '../agi/command-sender';
import { UsageError } from '../ground/errors';
import { playPrompts, type Prompts, type Speak } from './prompts';

export interface AskOptions extends Secrecy {
  /** How many digits: a number, or the least and the most ({ min: 1, max: 32 }). */
  digits?: number | { min?: number | undefined; max?: number | undefined } | undefined;
  /** The key that ends the entry (`#`); an empty text for none. */
  terminator?: string | undefined;
  /** The key that cancels the question; none without it. */
  cancel?: string | undefined;
  /** How long to wait for the first key and for each further one, in ms (5000 and 2000). */
  timeouts?: { first?: number | undefined; between?: number | undefined } | undefined;
  /** How often the question is asked (3). */
  attempts?: number | undefined;
  /** Says whether the entry will do; prompts that it gives instead of false are played, and the question is asked again. */
  validate?: ((digits: string) => boolean | Prompts | Promise<boolean | Prompts>) | undefined;
  /** Played where the entry will not do. */
  invalid?: Prompts | undefined;
  /** Played where no key was pressed. */
  onTimeout?: Prompts | undefined;
}

/** What came of a question. */
export type Answer =
  | { outcome: 'entered'; digits: string }
  | { outcome: 'cancelled' }
  /** The last attempt ended without a key. */
  | { outcome: 'timedOut' }
  /** The last entry would not do either. */
  | { outcome: 'gaveUp'; digits: string };

const allKeys = '0123456789*#ABCD';

/**
 * Asks for digits: plays the prompts, and reads what the caller enters.
 * @param stops the keys that stop the prompts and begin the entry
 */
export async function ask(agi: Commands, speak: Speak, prompts: Prompts, options: AskOptions, stops = allKeys): Promise<Answer> {
  const { attempts = 3, validate = () => true, invalid = [], onTimeout = [] } = options;
  const least = leastOf(options);
  let answer: Answer = { outcome: 'timedOut' };
  let before: Prompts = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const read = () => readEntry(agi, speak, [before, prompts].flat(), options, stops);
    const { digits, cancelled } = await (options.secret ? readSecretly(agi, read) : read());
    if (cancelled) return { outcome: 'cancelled' };
    if (digits === '' && least > 0) {
      answer = { outcome: 'timedOut' };
      before = onTimeout;
      continue;
    }
    const verdict = digits.length >= least && (await validate(digits));
    if (verdict === true) return { outcome: 'entered', digits };
    answer = { outcome: 'gaveUp', digits };
    before = verdict === false ? invalid : verdict;
  }
  await playPrompts(agi, speak, before);
  return answer;
}

async function readEntry(
  agi: Commands,
  speak: Speak,
  prompts: Prompts,
  options: AskOptions,
  stops: string,
): Promise<{ digits: string; cancelled: boolean }> {
  const { terminator = '#', cancel, timeouts: { first = 5000, between = 2000 } = {} } = options;
  const most = mostOf(options);
  let digits = '';
  let key = await playPrompts(agi, speak, prompts, stops);
  while (digits.length < most) {
    key ??= await agi.waitForDigit(digits === '' ? first : between);
    if (key !== undefined && key === cancel) return { digits, cancelled: true };
    if (key === undefined || key === terminator) break;
    digits += key;
    key = undefined;
  }
  return { digits, cancelled: false };
}

function leastOf({ digits = {} }: AskOptions): number {
  return typeof digits === 'number' ? digits : (digits.min ?? 1);
}

function mostOf({ digits = {} }: AskOptions): number {
  const most = typeof digits === 'number' ? digits : (digits.max ?? 32);
  if (Number.isInteger(most) && most > 0) return most;
  throw new UsageError(
    'FASTAGI_ASK_DIGITS',
    `ask: at most ${most} digits can be no answer; give digits as a number above 0, or as { min, max }`,
  );
}

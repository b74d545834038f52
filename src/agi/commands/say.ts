import type { Argument } from '../command-line';
import type { CommandSender } from '../command-sender';
import { keyOf } from '../digits';

/** Each speaks in the channel's language and gives the escape digit that stopped it, or undefined. */
export interface SayCommands {
  /** Spells a text letter by letter. @see Asterisk: AGI command SAY ALPHA */
  sayAlpha(text: string, escapeDigits?: string): Promise<string | undefined>;
  /** Says a date, in the server's time zone. @see Asterisk: AGI command SAY DATE */
  sayDate(when: Date, escapeDigits?: string): Promise<string | undefined>;
  /**
   * Says date and time.
   * @param format as in voicemail.conf, such as `ABdY 'digits/at' IMp`
   * @param timezone such as `Europe/Berlin`; the server's unless given
   * @see Asterisk: AGI command SAY DATETIME
   */
  sayDateTime(when: Date, escapeDigits?: string, format?: string, timezone?: string): Promise<string | undefined>;
  /** Says digits one by one. @see Asterisk: AGI command SAY DIGITS */
  sayDigits(digits: string | number, escapeDigits?: string): Promise<string | undefined>;
  /**
   * Says a number.
   * @param gender for languages that need it: `m`, `f`, `n` or `c`
   * @see Asterisk: AGI command SAY NUMBER
   */
  sayNumber(number: number, escapeDigits?: string, gender?: string): Promise<string | undefined>;
  /** Spells a text in the phonetic alphabet. @see Asterisk: AGI command SAY PHONETIC */
  sayPhonetic(text: string, escapeDigits?: string): Promise<string | undefined>;
  /** Says a time, in the server's time zone. @see Asterisk: AGI command SAY TIME */
  sayTime(when: Date, escapeDigits?: string): Promise<string | undefined>;
}

export function sayCommands({ send }: CommandSender): SayCommands {
  const say = async (what: string, ...args: (Argument | undefined)[]): Promise<string | undefined> =>
    keyOf(await send(`SAY ${what}`, args));
  return {
    sayAlpha: (text, escapeDigits = '') => say('ALPHA', text, escapeDigits),
    sayDate: (when, escapeDigits = '') => say('DATE', seconds(when), escapeDigits),
    sayDateTime(when, escapeDigits = '', format, timezone) {
      // A time zone has its place behind the format only; this is what Asterisk says without one.
      const spoken = format ?? (timezone === undefined ? undefined : "ABdY 'digits/at' IMp");
      return say('DATETIME', seconds(when), escapeDigits, spoken, timezone);
    },
    sayDigits: (digits, escapeDigits = '') => say('DIGITS', String(digits), escapeDigits),
    sayNumber: (number, escapeDigits = '', gender) => say('NUMBER', number, escapeDigits, gender),
    sayPhonetic: (text, escapeDigits = '') => say('PHONETIC', text, escapeDigits),
    sayTime: (when, escapeDigits = '') => say('TIME', seconds(when), escapeDigits),
  };
}

/** Asterisk counts in seconds since 1970. */
function seconds(when: Date): number {
  return Math.floor(when.getTime() / 1000);
}

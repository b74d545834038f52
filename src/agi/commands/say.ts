import type { CommandSender } from '../command-sender';
import { asText, type Argument } from '../wire/command-line';
import { keyOf } from '../wire/reply';

/** Each speaks in the channel's language and gives the escape digit that stopped it, or undefined. */
export interface SayCommands {
  /**
   * Spells a text letter by letter.
   * @see Asterisk: AGI command SAY ALPHA
   * @example
   * await fastagi.sayAlpha('AB12');
   */
  sayAlpha(text: string, escapeDigits?: string): Promise<string | undefined>;
  /** Says a date, in the server's time zone. @param when a Date, or seconds since 1970 @see Asterisk: AGI command SAY DATE */
  sayDate(when: Date | number, escapeDigits?: string): Promise<string | undefined>;
  /**
   * Says date and time.
   * @param when a Date, or seconds since 1970
   * @param format as in voicemail.conf, such as `ABdY 'digits/at' IMp`
   * @param timezone such as `Europe/Berlin`; the server's unless given
   * @see Asterisk: AGI command SAY DATETIME
   * @example
   * await fastagi.sayDateTime(new Date(), '', 'kM', 'Europe/Berlin');
   */
  sayDateTime(when: Date | number, escapeDigits?: string, format?: string, timezone?: string): Promise<string | undefined>;
  /**
   * Says digits one by one.
   * @see Asterisk: AGI command SAY DIGITS
   * @example
   * await fastagi.sayDigits('4711');
   */
  sayDigits(digits: string | number, escapeDigits?: string): Promise<string | undefined>;
  /**
   * Says a number.
   * @param gender for languages that need it: `m`, `f`, `n` or `c`
   * @see Asterisk: AGI command SAY NUMBER
   * @example
   * const key = await fastagi.sayNumber(42, '#');
   */
  sayNumber(number: number, escapeDigits?: string, gender?: string): Promise<string | undefined>;
  /** Spells a text in the phonetic alphabet. @see Asterisk: AGI command SAY PHONETIC */
  sayPhonetic(text: string, escapeDigits?: string): Promise<string | undefined>;
  /** Says a time, in the server's time zone. @param when a Date, or seconds since 1970; now unless given @see Asterisk: AGI command SAY TIME */
  sayTime(when?: Date | number, escapeDigits?: string): Promise<string | undefined>;
}

export function sayCommands({ send }: CommandSender): SayCommands {
  const say = async (what: string, ...args: (Argument | undefined)[]): Promise<string | undefined> =>
    keyOf(await send(`SAY ${what}`, args));
  return {
    sayAlpha: (text, escapeDigits = '') => say('ALPHA', text, escapeDigits),
    sayDate: (when, escapeDigits = '') => say('DATE', seconds(when), escapeDigits),
    sayDateTime(when, escapeDigits = '', format, timezone) {
      // A time zone has its place behind the format only; this is what Asterisk says without one.
      const spoken = format === undefined && timezone !== undefined ? "ABdY 'digits/at' IMp" : format;
      return say('DATETIME', seconds(when), escapeDigits, spoken, timezone);
    },
    sayDigits: (digits, escapeDigits = '') => say('DIGITS', asText(digits), escapeDigits),
    sayNumber: (number, escapeDigits = '', gender) => say('NUMBER', number, escapeDigits, gender),
    sayPhonetic: (text, escapeDigits = '') => say('PHONETIC', text, escapeDigits),
    sayTime: (when = new Date(), escapeDigits = '') => say('TIME', seconds(when), escapeDigits),
  };
}

/** Asterisk counts in whole seconds since 1970. What is no time is looked at when the line is made. */
function seconds(when: Date | number): number {
  const since = when instanceof Date ? when.getTime() / 1000 : when;
  return typeof since === 'number' ? Math.floor(since) : since;
}

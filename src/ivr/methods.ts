import type { Commands } from '../agi/agi';
import type { Interruptible } from '../agi/command-sender';
import type { Argument } from '../agi/wire/command-line';
import { checkedOptions, textOf } from '../ground/argument';
import type { PlaybackResult } from '../agi/commands/playback';
import { afterTurn } from '../ground/after-turn';
import type { ApplicationMethods } from '../agi/commands/applications';
import { ask, type Answer, type AskOptions } from './ask';
import { parseCallerId, type ParsedCallerId } from './caller-id';
import type { FastpassBase, FastpassMethods } from './fastpass';
import type { TextMode } from './key-text';
import { textInput } from './text-input';
import type { Choices, KeyOf } from './choices';
import { menu, type MenuOptions } from './menu';
import { playPrompts, type Prompts, type Speak } from './prompts';
import { spelled } from './punctuation';

export interface PromptMethods {
  /**
   * Asks for digits: plays prompts one after the other, which any key stops, reads the entry, looks whether it will do, and asks
   * again where not. Tells entered, cancelled, timed out and given up apart. With `secret` the keys stand nowhere.
   * @throws CommandError where a sound is missing, TtsError, HangupError
   * @example
   * const answer = await fastagi.ask('enter-pin', { digits: 4, validate: (digits) => digits === '4711' || 'wrong-pin' });
   * if (answer.outcome === 'entered') await fastagi.verbose('the right one');
   */
  ask(prompts: Prompts, options?: AskOptions): Promise<Answer>;
  /**
   * Plays a menu until one of its keys is pressed; other keys do not stop it.
   * @param choices what to play for each key: a sound file, or a text to speak that begins with `*`
   * @param timeout how long to wait behind the last prompt, in ms (2000)
   * @returns the key, or undefined where none came in all attempts
   * @throws UsageError for what is no key, CommandError where a sound is missing, TtsError, HangupError
   * @example
   * const key = await fastagi.menu({ 1: '*Press one for sales', 2: 'press-2-for-support' }, 3000);
   * if (key === '1') await fastagi.goto('sales');
   */
  menu<const C extends Choices>(choices: C, timeout?: number, options?: MenuOptions): Promise<KeyOf<C> | undefined>;
  /**
   * Plays prompts in a row: files, texts, digits, numbers, dates, silences.
   * @param escapeDigits the keys that stop them; none unless given
   * @param options a signal that stops them, and the method rejects with its reason. What SAY commands say ends first
   * @returns the key that stopped them, or undefined
   * @throws CommandError where a sound is missing, TtsError, HangupError, the signal's reason
   * @example
   * const { digit } = await fastagi.play(['you-have', { number: 3 }, 'messages', { pause: 500 }], '0123456789');
   */
  play(prompts: Prompts, escapeDigits?: string, options?: Interruptible): Promise<{ digit: string | undefined }>;
  /** Reads a text by telephone keys (docs/api.md has the code). @param mode how keys are read at first (`numeric`); phpagi's names, such as `UPPERCASE`, do too */
  textInput(mode?: TextMode | Uppercase<TextMode> | 'UPPERCASE' | 'LOWERCASE'): Promise<string>;
  /** Spells a text, signs by their names. @param frequency samples a s (8000) */
  sayPunctuation(text: Argument, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  /** Takes `"name" <proto:user@server:port>` apart, every part of which is optional. @param text the caller's own unless given */
  parseCallerId(text?: string): ParsedCallerId;
}

export type IvrMethods = ApplicationMethods & PromptMethods & FastpassMethods;

/** What speaks for menus and prompts. */
export type Speaker = Pick<FastpassBase, 'say' | 'text2wav' | 'swift'>;

export function promptMethods(agi: Commands & Speaker): PromptMethods {
  const speak: Speak = async (text, escapeDigits, options) => (await agi.say(text, escapeDigits, undefined, options)).digit;
  return {
    ask: (question, options = {}) => afterTurn(() => ask(agi, speak, question, options)),
    menu: <const C extends Choices>(choices: C, timeout = 2000, options: MenuOptions = {}) =>
      afterTurn(async () => (await menu(agi, speak, choices, timeout, options)) as KeyOf<C> | undefined),
    play: (row, escapeDigits = '', options = {}) =>
      afterTurn(async () => {
        const keys = textOf(escapeDigits, 'play', 'argument 2');
        checkedOptions(options, 'play');
        return { digit: await playPrompts(agi, speak, row, keys, options) };
      }),
    textInput: (mode = 'numeric') => afterTurn(() => textInput(agi, speak, mode)),
    sayPunctuation: (text, escapeDigits, frequency) =>
      afterTurn(() => agi.say(spelled(textOf(text, 'sayPunctuation', 'argument 1')), escapeDigits, frequency)),
    parseCallerId: (text = agi.request['agi_callerid'] ?? '') => parseCallerId(text),
  };
}

import type { Agi } from '../agi/agi';
import { textOf, type Argument } from '../agi/command-line';
import type { PlaybackResult } from '../agi/commands/playback';
import { afterTurn } from '../ground/after-turn';
import { applicationMethods, type ApplicationMethods } from './applications';
import type { Answer, AskOptions } from './ask';
import { parseCallerId, type ParsedCallerId } from './caller-id';
import { fastpassMethods, type FastpassBase, type FastpassMethods } from './fastpass';
import type { TextMode } from './key-text';
import type { Choices, MenuOptions } from './menu';
import type { Prompts, Speak } from './prompts';

export interface PromptMethods {
  /**
   * Asks for digits: plays prompts one after the other, which any key stops, reads the entry, looks whether it will do, and asks
   * again where not. Tells entered, cancelled, timed out and given up apart.
   * @throws CommandError where a sound is missing, TtsError, HangupError
   */
  ask(prompts: Prompts, options?: AskOptions): Promise<Answer>;
  /**
   * Plays a menu until one of its keys is pressed.
   * @param choices what to play for each key: a sound file, or a text to speak that begins with `*`
   * @param timeout how long to wait behind the last prompt, in ms (2000)
   * @returns the key, or undefined where none came in all attempts
   * @throws UsageError for what is no key, CommandError where a sound is missing, TtsError, HangupError
   */
  menu(choices: Choices, timeout?: number, options?: MenuOptions): Promise<string | undefined>;
  /** Reads a text by telephone keys (docs/api.md has the code). @param mode how keys are read at first (`numeric`); phpagi's names, such as `UPPERCASE`, do too */
  textInput(mode?: TextMode | Uppercase<TextMode> | 'UPPERCASE' | 'LOWERCASE'): Promise<string>;
  /** Spells a text, signs by their names. @param frequency samples a s (8000) */
  sayPunctuation(text: Argument, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  /** Takes `"name" <proto:user@server:port>` apart, every part of which is optional. @param text the caller's own unless given */
  parseCallerId(text?: string): ParsedCallerId;
}

export type IvrMethods = ApplicationMethods & PromptMethods & FastpassMethods;

/** What speaks for menus and prompts. */
export type Speech = Pick<FastpassBase, 'say' | 'text2wav' | 'swift'>;

/** Loads what a method needs when it is first called: most calls need none of it. */
export function ivrMethods(agi: Agi, speech: Speech, isDebug: boolean): IvrMethods {
  const speak: Speak = async (text, escapeDigits) => (await speech.say(text, escapeDigits)).digit;
  const prompts: PromptMethods = {
    async ask(question, options = {}) {
      const { ask } = await import('./ask');
      return afterTurn(() => ask(agi, speak, question, options));
    },
    async menu(choices, timeout = 2000, options = {}) {
      const { menu } = await import('./menu');
      return afterTurn(() => menu(agi, speak, choices, timeout, options));
    },
    async textInput(mode = 'numeric') {
      const { textInput } = await import('./text-input');
      return afterTurn(() => textInput(agi, speak, mode));
    },
    sayPunctuation: (text, escapeDigits, frequency) =>
      afterTurn(async () => {
        const whole = textOf(text, 'sayPunctuation', 'argument 1');
        const { spelled } = await import('./punctuation');
        return speech.say(spelled(whole), escapeDigits, frequency);
      }),
    parseCallerId: (text = agi.request['agi_callerid'] ?? '') => parseCallerId(text),
  };
  return Object.assign(prompts, applicationMethods(agi, isDebug), fastpassMethods(agi, { ...speech, ...prompts }));
}

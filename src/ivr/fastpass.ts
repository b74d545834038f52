import type { Commands } from '../agi/agi';
import type { Interruptible } from '../agi/command-sender';
import type { PlaybackResult } from '../agi/commands/playback';
import type { DataResult } from '../agi/commands/input';
import { pairsOf, type Choices, type KeyOf } from './choices';
import type { MenuOptions } from './menu';

/** The keys that a caller has typed ahead of the prompts, the first one first. Keep one for a call. */
export interface KeyBuffer {
  digits: string;
}

type Key = Promise<string | undefined>;

/**
 * For callers who know the menus: each plays only while the buffer is empty, or ends with a key that is none of its
 * escape digits; a key pressed then is added to the buffer. Else nothing is played, and the buffer's last key is given.
 */
export interface FastpassMethods {
  fastpassSayDigits(buffer: KeyBuffer, digits: string | number, escapeDigits?: string): Key;
  fastpassSayNumber(buffer: KeyBuffer, number: number, escapeDigits?: string, gender?: string): Key;
  fastpassSayPhonetic(buffer: KeyBuffer, text: string, escapeDigits?: string): Key;
  fastpassSayTime(buffer: KeyBuffer, when?: Date | number, escapeDigits?: string): Key;
  fastpassSayPunctuation(buffer: KeyBuffer, text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  fastpassStreamFile(buffer: KeyBuffer, file: string, escapeDigits?: string, offset?: number): Promise<PlaybackResult>;
  fastpassText2wav(buffer: KeyBuffer, text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  fastpassSwift(buffer: KeyBuffer, text: string, escapeDigits?: string, frequency?: number, voice?: string): Promise<PlaybackResult>;
  fastpassSay(buffer: KeyBuffer, text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  /**
   * Reads digits, those in the buffer first, which are taken out of it; nothing is played where there are some.
   * @param timeout how long to wait for each key, in ms (6000)
   */
  fastpassGetData(buffer: KeyBuffer, file: string, timeout?: number, maxDigits?: number): Promise<DataResult>;
  /**
   * A menu. Its choice is taken out of the buffer: the first key there that is one of its keys, with those before it, which chose nothing. Only where
   * there is none it is played.
   */
  fastpassMenu<const C extends Choices>(
    buffer: KeyBuffer,
    choices: C,
    timeout?: number,
    options?: MenuOptions,
  ): Promise<KeyOf<C> | undefined>;
}

/** What the fast-passing methods play with. */
export interface FastpassBase {
  sayPunctuation(text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  text2wav(text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  swift(text: string, escapeDigits?: string, frequency?: number, voice?: string): Promise<PlaybackResult>;
  say(text: string, escapeDigits?: string, frequency?: number, options?: Interruptible): Promise<PlaybackResult>;
  menu<const C extends Choices>(choices: C, timeout?: number, options?: MenuOptions): Promise<KeyOf<C> | undefined>;
}

export function fastpassMethods(agi: Commands & FastpassBase): FastpassMethods {
  const key = async (buffer: KeyBuffer, escapeDigits: string, play: () => Key): Key => {
    const last = buffer.digits.at(-1);
    if (last !== undefined && (escapeDigits === '' || escapeDigits.includes(last))) return last;
    const pressed = await play();
    buffer.digits += pressed ?? '';
    return pressed;
  };
  const playback = async (buffer: KeyBuffer, escapeDigits: string, play: () => Promise<PlaybackResult>): Promise<PlaybackResult> => {
    let result: PlaybackResult = { digit: undefined, endpos: 0 };
    const digit = await key(buffer, escapeDigits, async () => (result = await play()).digit);
    return { ...result, digit };
  };
  return {
    fastpassSayDigits: (buffer, digits, escapeDigits = '') => key(buffer, escapeDigits, () => agi.sayDigits(digits, escapeDigits)),
    fastpassSayNumber: (buffer, number, escapeDigits = '', gender) =>
      key(buffer, escapeDigits, () => agi.sayNumber(number, escapeDigits, gender)),
    fastpassSayPhonetic: (buffer, text, escapeDigits = '') => key(buffer, escapeDigits, () => agi.sayPhonetic(text, escapeDigits)),
    fastpassSayTime: (buffer, when, escapeDigits = '') => key(buffer, escapeDigits, () => agi.sayTime(when, escapeDigits)),
    fastpassSayPunctuation: (buffer, text, escapeDigits = '', frequency) =>
      playback(buffer, escapeDigits, () => agi.sayPunctuation(text, escapeDigits, frequency)),
    fastpassStreamFile: (buffer, file, escapeDigits = '', offset) =>
      playback(buffer, escapeDigits, () => agi.streamFile(file, escapeDigits, offset)),
    fastpassText2wav: (buffer, text, escapeDigits = '', frequency) =>
      playback(buffer, escapeDigits, () => agi.text2wav(text, escapeDigits, frequency)),
    fastpassSwift: (buffer, text, escapeDigits = '', frequency, voice) =>
      playback(buffer, escapeDigits, () => agi.swift(text, escapeDigits, frequency, voice)),
    fastpassSay: (buffer, text, escapeDigits = '', frequency) =>
      playback(buffer, escapeDigits, () => agi.say(text, escapeDigits, frequency)),
    fastpassGetData: (buffer, file, timeout, maxDigits) => getData(agi, buffer, file, timeout, maxDigits),
    async fastpassMenu<const C extends Choices>(buffer: KeyBuffer, choices: C, timeout?: number, options?: MenuOptions) {
      const pairs = pairsOf(choices);
      const at = [...buffer.digits].findIndex((pressed) => pairs.some(([key]) => key === pressed));
      const chosen = at < 0 ? undefined : buffer.digits[at];
      // What chooses nothing here must not choose anything later.
      buffer.digits = at < 0 ? '' : buffer.digits.slice(at + 1);
      return (chosen ?? (await agi.menu(pairs, timeout, options))) as KeyOf<C> | undefined;
    },
  };
}

async function getData(agi: Commands, buffer: KeyBuffer, file: string, timeout?: number, most = Infinity): Promise<DataResult> {
  if (buffer.digits === '') return agi.getData(file, timeout, most === Infinity ? undefined : most);
  let digits = '';
  while (digits.length < most) {
    const key = takeFirst(buffer) ?? (await agi.waitForDigit(timeout ?? 6000));
    if (key === undefined || key === '#') return { digits, timedOut: key === undefined };
    digits += key;
  }
  return { digits, timedOut: false };
}

function takeFirst(buffer: KeyBuffer): string | undefined {
  const key = buffer.digits[0];
  buffer.digits = buffer.digits.slice(1);
  return key;
}

import type { Agi } from '../agi/agi';
import type { PlaybackResult } from '../agi/commands/playback';
import type { DataResult } from '../agi/commands/input';
import type { Choices, MenuOptions } from './menu';

/** The keys that a caller has typed ahead of the prompts. Keep one for a call, and clear it where a new way begins. */
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
   * Reads digits, those in the buffer first; nothing is played where there are some.
   * @param timeout how long to wait for each key, in ms (6000)
   */
  fastpassGetData(buffer: KeyBuffer, file: string, timeout?: number, maxDigits?: number): Promise<DataResult>;
  /** A menu; a last key of the buffer that is one of its choices is taken at once. */
  fastpassMenu(buffer: KeyBuffer, choices: Choices, timeout?: number, options?: MenuOptions): Key;
}

/** What the fast-passing methods play with. */
export interface FastpassBase {
  sayPunctuation(text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  text2wav(text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  swift(text: string, escapeDigits?: string, frequency?: number, voice?: string): Promise<PlaybackResult>;
  say(text: string, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  menu(choices: Choices, timeout?: number, options?: MenuOptions): Promise<string | undefined>;
}

export function fastpassMethods(agi: Agi, base: FastpassBase): FastpassMethods {
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
      playback(buffer, escapeDigits, () => base.sayPunctuation(text, escapeDigits, frequency)),
    fastpassStreamFile: (buffer, file, escapeDigits = '', offset) =>
      playback(buffer, escapeDigits, () => agi.streamFile(file, escapeDigits, offset)),
    fastpassText2wav: (buffer, text, escapeDigits = '', frequency) =>
      playback(buffer, escapeDigits, () => base.text2wav(text, escapeDigits, frequency)),
    fastpassSwift: (buffer, text, escapeDigits = '', frequency, voice) =>
      playback(buffer, escapeDigits, () => base.swift(text, escapeDigits, frequency, voice)),
    fastpassSay: (buffer, text, escapeDigits = '', frequency) =>
      playback(buffer, escapeDigits, () => base.say(text, escapeDigits, frequency)),
    fastpassGetData: (buffer, file, timeout, maxDigits) => getData(agi, buffer, file, timeout, maxDigits),
    async fastpassMenu(buffer, choices, timeout, options) {
      const keys = Symbol.iterator in choices ? [...choices].map(([choice]) => choice) : Object.keys(choices);
      return key(buffer, keys.join(''), () => base.menu(choices, timeout, options));
    },
  };
}

async function getData(agi: Agi, buffer: KeyBuffer, file: string, timeout?: number, most = Infinity): Promise<DataResult> {
  if (buffer.digits === '') {
    const read = await agi.getData(file, timeout, most === Infinity ? undefined : most);
    buffer.digits += read.digits;
    return read;
  }
  while (buffer.digits.length < most) {
    const pressed = await agi.waitForDigit(timeout ?? 6000);
    if (pressed === undefined || pressed === '#') return { digits: buffer.digits, timedOut: pressed === undefined };
    buffer.digits += pressed;
  }
  return { digits: buffer.digits, timedOut: false };
}

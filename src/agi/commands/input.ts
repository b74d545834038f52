import type { CommandSender, Interruptible, Secrecy } from '../command-sender';
import { keyOf } from '../wire/reply';
import { decodeText } from '../../ground/text';

export interface DataResult {
  /** The keys pressed, `#` at the end not among them. */
  digits: string;
  /** Whether the time ran out before the caller had finished. */
  timedOut: boolean;
}

export interface InputCommands {
  /**
   * Plays a sound file and collects keys until `#`, `maxDigits` or the time-out.
   * @param timeout how long to wait for the next key, in ms
   * @param options a signal that stops it; `secret`, for keys that must stand nowhere
   * @throws CommandError, HangupError, the signal's reason
   * @see Asterisk: AGI command GET DATA
   * @example
   * const { digits, timedOut } = await fastagi.getData('enter-pin', 5000, 4);
   */
  getData(file: string, timeout?: number, maxDigits?: number, options?: Interruptible & Secrecy): Promise<DataResult>;
  /**
   * Waits for one key.
   * @param timeout in ms; -1, as it is unless given, for ever
   * @param options a signal that stops it; `secret`, for keys that must stand nowhere, neither one by one nor together
   * @returns the key, `'5'`, or undefined when the time ran out
   * @throws CommandError, HangupError, the signal's reason
   * @see Asterisk: AGI command WAIT FOR DIGIT
   * @example
   * const key = await fastagi.waitForDigit(5000);
   * if (key === undefined) await fastagi.streamFile('are-you-still-there');
   */
  waitForDigit(timeout?: number, options?: Interruptible & Secrecy): Promise<string | undefined>;
  /**
   * Waits for one character of text, on channels that carry text.
   * @param timeout in ms; 0, as it is unless given, for ever
   * @returns the character, or undefined when the time ran out
   * @throws CommandError where the channel has no text, HangupError
   * @see Asterisk: AGI command RECEIVE CHAR
   */
  receiveChar(timeout?: number): Promise<string | undefined>;
  /**
   * Waits for a text message, on channels that carry text.
   * @param timeout in ms
   * @throws CommandError where none came or the channel has no text, HangupError
   * @see Asterisk: AGI command RECEIVE TEXT
   */
  receiveText(timeout: number): Promise<string>;
}

export function inputCommands({ send }: CommandSender): InputCommands {
  return {
    async getData(file, timeout, maxDigits, options) {
      const reply = await send('GET DATA', [file, timeout === undefined && maxDigits !== undefined ? 0 : timeout, maxDigits], options);
      return { digits: reply.result, timedOut: reply.data === 'timeout' };
    },
    async waitForDigit(timeout = -1, options) {
      return keyOf(await send('WAIT FOR DIGIT', [timeout], options));
    },
    async receiveChar(timeout = 0) {
      const { result } = await send('RECEIVE CHAR', [timeout]);
      return result === '0' || result === '' ? undefined : String.fromCodePoint(Number(result));
    },
    async receiveText(timeout) {
      return decodeText((await send('RECEIVE TEXT', [timeout])).data ?? '');
    },
  };
}

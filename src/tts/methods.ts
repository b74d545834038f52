import type { Commands } from '../agi/agi';
import { afterTurn } from '../ground/after-turn';
import type { Argument } from '../agi/wire/command-line';
import { textOf } from '../ground/argument';
import type { Interruptible } from '../agi/command-sender';
import type { PlaybackResult } from '../agi/commands/playback';
import type { Engine, TtsSettings } from './engines';

/** All speak a text and play it; `frequency` is in samples a s (8000). An empty text is nothing to play. */
export interface TtsMethods {
  /** With festival's text2wave. @throws TtsError where it is missing or fails, HangupError */
  text2wav(text: Argument, escapeDigits?: string, frequency?: number): Promise<PlaybackResult>;
  /** With Cepstral's swift. @param voice that of `[cepstral]` unless given @throws TtsError where it is missing or fails, HangupError */
  swift(text: Argument, escapeDigits?: string, frequency?: number, voice?: string): Promise<PlaybackResult>;
  /**
   * With the engine that `[tts] engine` names; a signal stops it.
   * @throws TtsError where it is missing or fails, HangupError
   * @example
   * await fastagi.say('Welcome. Please wait.', '#');
   */
  say(text: Argument, escapeDigits?: string, frequency?: number, options?: Interruptible): Promise<PlaybackResult>;
}

export function ttsMethods(agi: Commands<TtsSettings>): TtsMethods {
  const settings = agi.config;
  const speak = (
    text: Argument,
    escapeDigits = '',
    frequency = 8000,
    engineOf: (engines: typeof import('./engines')) => Engine,
    options: Interruptible = {},
  ): Promise<PlaybackResult> =>
    afterTurn(async () => {
      const spoken = textOf(text, 'say', 'argument 1').replaceAll('\0', '').trim();
      if (spoken === '') return { digit: undefined, endpos: 0 };
      const { soundOf } = await import('./speak');
      const file = await soundOf(spoken, engineOf(await import('./engines')), frequency, settings.phpagi.tempdir);
      return agi.streamFile(file, escapeDigits, undefined, options);
    });
  return {
    text2wav: (text, escapeDigits, frequency) => speak(text, escapeDigits, frequency, ({ festival }) => festival(settings)),
    swift: (text, escapeDigits, frequency, voice) => speak(text, escapeDigits, frequency, ({ swift }) => swift(settings, voice)),
    say: (text, escapeDigits, frequency, options) =>
      speak(text, escapeDigits, frequency, ({ configuredEngine }) => configuredEngine(settings), options),
  };
}

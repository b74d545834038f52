import { checkedFlag, checkedOptions } from '../../ground/argument';
import type { CommandSender, Interruptible } from '../command-sender';
import { endposOf, keyOf } from '../wire/reply';

/** How a playback ended. */
export interface PlaybackResult {
  /** The escape digit that ended it, `'5'`; undefined where it played to its end. */
  digit: string | undefined;
  /** Where it ended, in samples from the beginning of the file. */
  endpos: number;
}

/** How a playback that the caller steered ended. */
export interface ControlStreamResult {
  /** The escape digit that ended it, `'5'`; undefined where it played to its end. */
  digit: string | undefined;
  /** Where it ended, in ms (not samples, as elsewhere) from the beginning of the file; undefined where it played to its end. */
  endpos: number | undefined;
}

export interface ControlStreamOptions {
  /** How far a skip goes, in ms (3000). */
  skip?: number | undefined;
  /** The key that skips forward (`#`). */
  forward?: string | undefined;
  /** The key that skips back (`*`). */
  rewind?: string | undefined;
  /** The key that pauses and goes on. */
  pause?: string | undefined;
  /** Where to begin, in ms. */
  offset?: number | undefined;
}

export interface PlaybackCommands {
  /**
   * Plays a sound file, named without its extension, until its end or an escape digit.
   * @param offset where to begin, in samples
   * @throws CommandError where there is no such file, HangupError, the signal's reason
   * @see Asterisk: AGI command STREAM FILE
   * @example
   * const { digit } = await fastagi.streamFile('demo-congrats', '12#');
   * if (digit === '#') await fastagi.hangup();
   */
  streamFile(file: string, escapeDigits?: string, offset?: number, options?: Interruptible): Promise<PlaybackResult>;
  /**
   * Plays a sound file that the caller can wind and pause. Sets CPLAYBACKSTATUS, CPLAYBACKOFFSET and CPLAYBACKSTOPKEY.
   * @throws CommandError where there is no such file, HangupError
   * @see Asterisk: AGI command CONTROL STREAM FILE
   * @example
   * const { endpos } = await fastagi.controlStreamFile('story', '0', { skip: 5000, pause: '5' });
   */
  controlStreamFile(file: string, escapeDigits: string, options?: ControlStreamOptions): Promise<ControlStreamResult>;
  /**
   * Plays a sound file and waits for one key.
   * @param timeout how long to wait after the end of the file, in ms (5000)
   * @throws CommandError where there is no such file, HangupError, the signal's reason
   * @see Asterisk: AGI command GET OPTION
   * @example
   * const { digit } = await fastagi.getOption('press-1-or-2', '12', 3000);
   */
  getOption(file: string, escapeDigits: string, timeout?: number, options?: Interruptible): Promise<PlaybackResult>;
  /**
   * Turns music on hold on or off; it plays while the script does other things.
   * @param on true unless given
   * @param musicClass the class of musiconhold.conf (`default`)
   * @see Asterisk: AGI command SET MUSIC
   * @example
   * await fastagi.setMusic(true, 'quiet');
   * await fastagi.setMusic(false);
   */
  setMusic(on?: boolean, musicClass?: string): Promise<void>;
}

export function playbackCommands({ send, checked }: CommandSender): PlaybackCommands {
  return {
    async streamFile(file, escapeDigits = '', offset, options) {
      const reply = await send('STREAM FILE', [file, escapeDigits, offset], options);
      return { digit: keyOf(reply), endpos: endposOf(reply) };
    },
    controlStreamFile: (file, escapeDigits, options) =>
      checked(
        () => checkedOptions<ControlStreamOptions>(options, 'CONTROL STREAM FILE') ?? {},
        async ({ skip, forward, rewind, pause, offset }) => {
          // What is left out in front of another keeps Asterisk's own default as an empty text; the skip has none.
          const filled = [skip ?? 3000, forward ?? '', rewind ?? '', pause ?? '', offset];
          const last = [skip, forward, rewind, pause, offset].findLastIndex((option) => option !== undefined);
          const reply = await send('CONTROL STREAM FILE', [file, escapeDigits, ...filled.slice(0, last + 1)]);
          const endpos = Number(reply.fields['endpos'] ?? -1);
          return { digit: keyOf(reply), endpos: endpos < 0 ? undefined : endpos };
        },
      ),
    async getOption(file, escapeDigits, timeout, options) {
      const reply = await send('GET OPTION', [file, escapeDigits, timeout], options);
      return { digit: keyOf(reply), endpos: endposOf(reply) };
    },
    setMusic: (on = true, musicClass) =>
      checked(
        () => checkedFlag(on, 'SET MUSIC', 'argument 1'),
        async (isOn) => {
          await send('SET MUSIC', [isOn ? 'ON' : 'OFF', musicClass]);
        },
      ),
  };
}

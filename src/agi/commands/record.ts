import type { CommandSender } from '../command-sender';
import { checkedOptions } from '../../ground/argument';
import { endposOf, keyOf } from '../wire/reply';
import type { Reply } from '../wire/reply';

export interface RecordOptions {
  /** Where to begin writing in an existing file, in samples. */
  offset?: number | undefined;
  /** Whether to play a beep first. */
  beep?: boolean | undefined;
  /** Stops after so much silence, in s. */
  silence?: number | undefined;
}

export interface RecordResult {
  /** What ended the recording: the time or silence, a key, or the caller who hung up. The file is kept in each case. */
  reason: 'timeout' | 'dtmf' | 'hangup';
  /** The escape digit, where one ended it. */
  digit: string | undefined;
  /** How long the recording is, in samples. */
  endpos: number;
}

export interface RecordCommands {
  /**
   * Records the caller into a file.
   * @param file without its extension
   * @param format such as `wav` or `gsm`
   * @param escapeDigits the keys that end it; none unless given
   * @param timeout the longest recording, in ms; -1, as it is unless given, for no limit
   * @returns also when the caller hung up, which ends most messages: the recording is there then
   * @throws CommandError where the file cannot be written, HangupError where the channel was gone before
   * @see Asterisk: AGI command RECORD FILE
   * @example
   * const { reason, endpos } = await fastagi.recordFile('/var/spool/asterisk/tmp/message', 'wav', '#', 60_000, { beep: true, silence: 5 });
   * await fastagi.verbose(`${reason} after ${endpos / 8000} s`);
   */
  recordFile(file: string, format: string, escapeDigits?: string, timeout?: number, options?: RecordOptions): Promise<RecordResult>;
}

export function recordCommands({ send, checked, failure }: CommandSender): RecordCommands {
  const resultOf = async (file: string, reply: Reply): Promise<RecordResult> => {
    const reason = reply.data;
    if (reason === 'timeout' || reason === 'dtmf' || reason === 'hangup') {
      return { reason, digit: reason === 'dtmf' ? keyOf(reply) : undefined, endpos: endposOf(reply) };
    }
    if (reason === undefined && reply.result !== '-1') return { reason: 'timeout', digit: undefined, endpos: endposOf(reply) };
    const why = reason === 'writefile' ? `the file cannot be written; look at the directory's owner and mode` : undefined;
    throw await failure('RECORD FILE', file, reply, why);
  };

  return {
    recordFile: (file, format, escapeDigits = '', timeout = -1, options) =>
      checked(
        () => checkedOptions<RecordOptions>(options, 'RECORD FILE') ?? {},
        async ({ offset, beep, silence }) => {
          const more = [offset, beep ? 'BEEP' : undefined, silence === undefined ? undefined : `s=${silence}`];
          const args = [file, format, escapeDigits, timeout, ...more.filter((option) => option !== undefined)];
          return resultOf(file, await send('RECORD FILE', args, { failures: [] }));
        },
      ),
  };
}

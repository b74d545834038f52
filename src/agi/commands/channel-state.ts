import type { CommandSender } from '../command-sender';
import { channelStates, type ChannelState } from '../../ground/channel-states';

export interface ChannelStateCommands {
  /**
   * Answers the call, where it is not yet.
   * @see Asterisk: AGI command ANSWER
   * @example
   * await fastagi.answer();
   */
  answer(): Promise<void>;
  /**
   * What a channel, this one unless named, is doing.
   * @throws CommandError where there is no such channel, HangupError where this one is gone
   * @see Asterisk: AGI command CHANNEL STATUS
   * @example
   * if ((await fastagi.channelStatus()) === 'ring') await fastagi.answer();
   */
  channelStatus(channel?: string): Promise<ChannelState>;
  /**
   * Hangs up this channel or another.
   * @throws CommandError where there is no such channel
   * @see Asterisk: AGI command HANGUP
   * @example
   * await fastagi.streamFile('vm-goodbye');
   * await fastagi.hangup();
   */
  hangup(channel?: string): Promise<void>;
  /** Does nothing, and shows that Asterisk is there. @see Asterisk: AGI command NOOP */
  noop(text?: string): Promise<void>;
  /** Hangs the channel up in so many seconds; 0, as it is unless given, takes it back. @see Asterisk: AGI command SET AUTOHANGUP */
  setAutoHangup(seconds?: number): Promise<void>;
  /** Where the dialplan goes on after the script: the context. @see Asterisk: AGI command SET CONTEXT */
  setContext(context: string): Promise<void>;
  /** Where the dialplan goes on after the script: the extension. @see Asterisk: AGI command SET EXTENSION */
  setExtension(extension: string): Promise<void>;
  /** Where the dialplan goes on after the script: priority or label. @throws CommandError for an unknown label @see Asterisk: AGI command SET PRIORITY */
  setPriority(priority: number | string): Promise<void>;
  /** Sends a picture, on channels that carry pictures. @see Asterisk: AGI command SEND IMAGE */
  sendImage(image: string): Promise<void>;
  /** Sends a text, on channels that carry text. @see Asterisk: AGI command SEND TEXT */
  sendText(text: string): Promise<void>;
  /** Switches the reception of TDD. @throws CommandError where the channel has none @see Asterisk: AGI command TDD MODE */
  tddMode(mode: 'on' | 'off' | 'mate'): Promise<void>;
  /** Ends Async AGI on this channel. @see Asterisk: AGI command ASYNCAGI BREAK */
  asyncAgiBreak(): Promise<void>;
}

export function channelStateCommands({ send, failure }: CommandSender): ChannelStateCommands {
  const set = async (words: string, value: string | number | undefined, failures?: string[]): Promise<void> => {
    await send(words, [value], failures && { failures });
  };
  return {
    answer: () => set('ANSWER', undefined),
    async channelStatus(channel) {
      const reply = await send('CHANNEL STATUS', [channel]);
      const state = channelStates[Number(reply.result)];
      if (state === undefined) throw await failure('CHANNEL STATUS', channel, reply, 'Asterisk named a state that is not known here');
      return state;
    },
    hangup: (channel) => set('HANGUP', channel),
    noop: (text) => set('NOOP', text),
    setAutoHangup: (seconds = 0) => set('SET AUTOHANGUP', seconds),
    setContext: (context) => set('SET CONTEXT', context),
    setExtension: (extension) => set('SET EXTENSION', extension),
    setPriority: (priority) => set('SET PRIORITY', priority),
    sendImage: (image) => set('SEND IMAGE', image),
    sendText: (text) => set('SEND TEXT', text),
    tddMode: (mode) => set('TDD MODE', typeof mode === 'string' ? mode.toUpperCase() : mode, ['-1', '0']),
    asyncAgiBreak: () => set('ASYNCAGI BREAK', undefined),
  };
}

import type { Channel } from '../agi/channel';
import type { AudioSocket, AudioSocketOptions } from '../audio/audio-socket';
import type { Agi } from './agi';

/** The live audio of one call, of which nothing is loaded before somebody asks for it. */
export interface CallAudio {
  open(agi: Agi, options?: AudioSocketOptions): Promise<AudioSocket>;
  /** The script is over: what it left open would keep the channel. */
  close(): void;
}

/** @param address gives this machine's address as Asterisk reached it, if it did */
export function callAudio(channel: Channel, address: () => string | undefined): CallAudio {
  let over: (() => void) | undefined;
  let isClosed = false;
  return {
    async open(agi, options) {
      const { openAudio } = await import('../audio/audio-socket');
      const { exec } = agi;
      const audio = await openAudio({ exec, idle: channel.idle, address: address() }, options);
      over = audio.over;
      if (isClosed) over();
      return audio.stream;
    },
    close() {
      isClosed = true;
      over?.();
    },
  };
}

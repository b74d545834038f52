import type { Channel } from '../agi/channel';
import type { AudioSocket, AudioSocketOptions } from '../audio/audio-socket';
import type { Agi } from './agi';

/** The live audio of one call, of which nothing is loaded before somebody asks for it. */
export interface CallAudio {
  open(agi: Agi, options?: AudioSocketOptions): Promise<AudioSocket>;
  /** The script is over: what it left open would keep the channel. Settles when Asterisk has ended it. */
  close(): Promise<void>;
}

/** @param address gives this machine's address as Asterisk reached it, if it did */
export function callAudio(channel: Channel, address: () => string | undefined): CallAudio {
  let over: (() => void) | undefined;
  let ended: Promise<unknown> | undefined;
  let isClosed = false;
  return {
    async open(agi, options) {
      const { openAudio } = await import('../audio/audio-socket');
      const exec: Agi['exec'] = (...application) => {
        const result = agi.exec(...application);
        ended = result.catch(() => undefined);
        return result;
      };
      const audio = await openAudio({ exec, idle: channel.idle, address: address() }, options);
      over = audio.over;
      if (isClosed) over();
      return audio.stream;
    },
    async close() {
      isClosed = true;
      over?.();
      await ended;
    },
  };
}

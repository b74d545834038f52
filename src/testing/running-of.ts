import { commandOf } from '../agi/wire/command-table';
import { inTime } from './asterisk/answers-in-time';
import { wordsOf } from '../agi/wire/words';
import { createChannelState } from './asterisk/channel-state';
import type { Running } from './asterisk/running';

/** What the caller hears of a command's line, and which keys he may press; undefined for a command that is over at once. */
export function runningOf(line: string): Running | undefined {
  const words = wordsOf(line);
  const name = commandOf(words) ?? '';
  const running = inTime[name]?.[2](words.slice(name.split(' ').length), createChannelState({ sounds: '*' }));
  return typeof running === 'object' ? running : undefined;
}

import type { Cassette } from '../tape/cassette-text';
import { secondsOf } from '../tape/ladder';
import { pageOf } from '../tape/page';
import { storyOfTape } from '../tape/story';
import { differenceText } from '../testing/replay';
import type { Difference } from '../testing/tape-player';

/** A recorded call as a page. @param difference where a script went another way */
export function tapePage({ head, entries }: Cassette, difference?: Difference): string {
  const otherwise = difference && { index: difference.line - 2, came: difference.came ?? 'it ended' };
  const story = storyOfTape(entries, otherwise);
  const channel = entries.find(({ text }) => text.startsWith('agi_channel: '))?.text.slice('agi_channel: '.length);
  const longest = Math.max(0, ...story.silences.map(({ from, to }) => to - from));
  const facts = [
    ['channel', channel ?? ''],
    ['when', head.begun.slice(0, 19).replace('T', ' ')],
    ['Asterisk', head.asterisk],
    ['longest silence', secondsOf(longest)],
    ['took', secondsOf(entries.at(-1)?.at ?? 0)],
  ] as const;
  return pageOf({
    title: head.script,
    facts,
    ...story,
    failure: [...(difference ? differenceText(difference).split('\n') : []), ...story.failure],
  });
}

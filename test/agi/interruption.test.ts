import { describe, expect, it } from 'vitest';
import type { Commands } from '../../src/agi/agi';
import { createChannel, type Channel } from '../../src/agi/channel';
import { agiOn } from '../support/agi';

const mark = (line: string): string => /"(fastagi-\w+)"$/.exec(line)?.[1] ?? '';

describe('an interruption that comes at once', () => {
  /** Reads as Asterisk does: a line that comes with a command lies in a buffer until more bytes come. */
  function buffering(delay: number): { agi: Commands; lines: string[] } {
    const lines: string[] = [];
    const buffer: string[] = [];
    let running: string | undefined;
    let bytes = '';
    let isScheduled = false;
    const say = (text: string): void => queueMicrotask(() => channel.receive(text));
    const run = (line: string): void => {
      lines.push(line);
      if (line.startsWith('STREAM')) running = line;
      else say(line.startsWith('GET FULL') ? `200 result=1 (${mark(line)})\n` : '200 result=6\n');
    };
    const read = (): void => {
      isScheduled = false;
      buffer.push(...bytes.split('\n').slice(0, -1));
      bytes = '';
      // What comes stops a playback; a line is taken for each time that bytes come, and then for as long as there are more.
      running = undefined;
      for (let line = buffer.shift(); line !== undefined; line = running === undefined ? buffer.shift() : undefined) run(line);
    };
    const channel: Channel = createChannel({
      write(more) {
        bytes += more;
        if (!isScheduled) setTimeout(read, delay);
        isScheduled = true;
      },
    });
    return { agi: agiOn(channel), lines };
  }

  it.each([0, 5, 80])('does not wait for ever where Asterisk reads it together with the command, %d ms later', async (delay) => {
    const { agi, lines } = buffering(delay);
    const stop = new AbortController();
    const playing = agi.streamFile('music', '', 0, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(playing).rejects.toThrow('enough');
    expect(await agi.channelStatus()).toBe('up');
    expect(lines.filter((line) => line.startsWith('GET FULL')).length).toBeGreaterThan(1);
  });
});

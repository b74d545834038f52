import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createChannel } from '../../src/agi/channel';
import { createCommandSender } from '../../src/agi/command-sender';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function play() {
  const lines: string[] = [];
  const failed: Error[] = [];
  const channel = createChannel({ write: (bytes) => void lines.push(bytes) }, { failed: (error) => failed.push(error) });
  return { channel, lines, failed, sender: createCommandSender(channel, 8191) };
}

it.each([
  ['SET VARIABLE', ['a', '1']],
  ['NOOP', []],
  ['GET VARIABLE', ['a']],
])('%s fails after 60 s without an answer, with an error of its own, and so does what follows', async (words, args) => {
  const { channel, sender, failed } = play();
  const answer = sender.send(words, args);
  const settled = Promise.allSettled([answer, sender.send('NOOP')]);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(failed).toEqual([]);
  await vi.advanceTimersByTimeAsync(1100);
  expect(await settled).toMatchObject([{ reason: { code: 'FASTAGI_REPLY_TIMEOUT' } }, { reason: { code: 'FASTAGI_REPLY_TIMEOUT' } }]);
  expect(failed).toEqual([channel.failure]);
});

it.each([
  ['WAIT FOR DIGIT', [-1]],
  ['EXEC', ['Dial', 'PJSIP/1']],
  ['GET FULL VARIABLE', ['${SHELL(sleep 100)}']],
  ['SET VARIABLE', ['ODBC_X(1)', 'a']],
])('%s may take its time', async (words, args) => {
  const { channel, sender, failed } = play();
  const answer = sender.send(words, args);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(failed).toEqual([]);
  channel.receive('200 result=0\n');
  await answer;
});

it('each command has its own 60 s', async () => {
  const { channel, sender, failed } = play();
  for (let n = 0; n < 5; n++) {
    const answer = sender.send('NOOP');
    await vi.advanceTimersByTimeAsync(50_000);
    channel.receive('200 result=0\n');
    await answer;
  }
  expect(failed).toEqual([]);
});

it('a usage whose last line never comes is ended by a probe', async () => {
  const { channel, lines, sender } = play();
  const answer = sender.send('SET PRIORITY', ['x']);
  channel.receive('520-Invalid command syntax.\nUsage: SET PRIORITY\n');
  await vi.advanceTimersByTimeAsync(1100);
  const mark = /GET FULL VARIABLE "(.*)"/.exec(lines.at(-1) ?? '')?.[1];
  channel.receive(`200 result=1 (${mark})\n`);
  await expect(answer).rejects.toMatchObject({
    code: 'FASTAGI_COMMAND_SYNTAX',
    replyText: expect.stringContaining('SET PRIORITY') as string,
  });
});

it.each([
  ['ended', (channel: ReturnType<typeof play>['channel']) => channel.end()],
  ['was released', (channel: ReturnType<typeof play>['channel']) => channel.release()],
])('leaves no timer behind when the channel has %s', async (_, end) => {
  const { channel, sender } = play();
  const answer = sender.send('NOOP').catch(() => undefined);
  end(channel);
  await answer;
  expect(vi.getTimerCount()).toBe(0);
});

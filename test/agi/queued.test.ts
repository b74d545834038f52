import { describe, expect, it } from 'vitest';
import { createChannel, type Channel } from '../../src/agi/channel';
import { HangupError, ProtocolError, SessionEndedError } from '../../src/ground/errors';

/** A channel whose wire is a queue, and what was written to it. */
function queued(isQueue = true): { channel: Channel; written: string[]; send(words: string, signal?: AbortSignal): Promise<unknown> } {
  const written: string[] = [];
  const channel = createChannel({ write: (line) => void written.push(line.trimEnd()), isQueue });
  const send = (words: string, signal?: AbortSignal): Promise<unknown> =>
    channel.send({ words, line: `${words}\n`, signal }).then(
      ({ result }) => result,
      (error: unknown) => (error as Error).constructor,
    );
  return { channel, written, send };
}

describe('a wire on which commands wait', () => {
  it('takes commands that nobody awaits at once, and each gets its own reply', async () => {
    const { channel, written, send } = queued();
    const all = ['NOOP', 'SET VARIABLE', 'VERBOSE', 'GET VARIABLE'].map((words) => send(words));
    expect(written).toEqual(['NOOP', 'SET VARIABLE', 'VERBOSE', 'GET VARIABLE']);
    channel.receive('200 result=1\n200 result=2\n');
    channel.receive('200 result=3\n200 result=0\n');
    expect(await Promise.all(all)).toEqual(['1', '2', '3', '0']);
  });

  it('takes them one at a time if it is no queue', () => {
    const { written, send } = queued(false);
    for (const words of ['NOOP', 'VERBOSE']) void send(words);
    expect(written).toEqual(['NOOP']);
  });

  // A command that fails may end the session, a value has to end before anything else comes.
  it.each([
    'STREAM FILE',
    'GOSUB',
    'RECEIVE CHAR',
    'EXEC',
    'ASYNCAGI BREAK',
    'HANGUP',
    'DATABASE GET',
    'GET FULL VARIABLE',
    'NO SUCH COMMAND',
  ])('takes nothing behind %s', (words) => {
    const { written, send } = queued();
    void send('NOOP');
    void send(words);
    void send('VERBOSE');
    expect(written).toEqual(['NOOP', words]);
  });

  it('takes what a signal may stop when nothing is before it, and nothing behind it', async () => {
    const { channel, written, send } = queued();
    const { signal } = new AbortController();
    const all = [send('NOOP'), send('VERBOSE', signal), send('NOOP')];
    expect(written).toEqual(['NOOP']);
    channel.receive('200 result=1\n');
    expect(written).toEqual(['NOOP', 'VERBOSE']);
    channel.receive('200 result=1\n200 result=1\n');
    expect(await Promise.all(all.slice(0, 2))).toEqual(['1', '1']);
  });

  it.each([
    ['a hangup', (channel: Channel) => channel.end(), HangupError],
    ['the end of the session', (channel: Channel) => channel.end(true), SessionEndedError],
    ['replies that are lost', (channel: Channel) => channel.lose(new ProtocolError('FASTAGI_ASYNC_CUT', 'cut')), ProtocolError],
  ] as const)('fails all that was sent after %s', async (_what, happen, error) => {
    const { channel, send } = queued();
    const all = ['NOOP', 'VERBOSE', 'NOOP'].map((words) => send(words));
    happen(channel);
    expect(await Promise.all(all)).toEqual([error, error, error]);
    expect(channel.underWay).toEqual([]);
  });

  it('goes on behind replies that are lost', async () => {
    const { channel, send } = queued();
    const lost = send('GET VARIABLE');
    const next = send('NOOP');
    channel.receive('200 result=1 (half');
    channel.lose(new ProtocolError('FASTAGI_ASYNC_CUT', 'cut'));
    channel.receive('200 result=0\n');
    expect([await lost, await next]).toEqual([ProtocolError, '0']);
  });
});

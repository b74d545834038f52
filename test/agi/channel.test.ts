import { describe, expect, it } from 'vitest';
import type { Commands } from '../../src/agi/agi';
import { createChannel, type Channel } from '../../src/agi/channel';
import { HangupError, ProtocolError } from '../../src/ground/errors';
import { agiOn } from '../support/agi';

/** Commands whose other end the test plays, line by line. */
function play(answer: (line: string) => string | undefined): { agi: Commands; channel: Channel; lines: string[] } {
  const lines: string[] = [];
  const channel: Channel = createChannel({
    write(bytes) {
      lines.push(bytes);
      const reply = answer(bytes.slice(0, -1));
      if (reply !== undefined) queueMicrotask(() => channel.receive(reply));
    },
  });
  const agi = agiOn(channel);
  return { agi, channel, lines };
}

const mark = (line: string): string => /"(?:\$\{.*\})?(fastagi-\w+)"$/.exec(line)?.[1] ?? '';

it('sends one command at a time, in order', async () => {
  const { agi, channel, lines } = play(() => undefined);
  const both = Promise.all([agi.noop('a'), agi.noop('b')]);
  expect(lines).toEqual(['NOOP "a"\n']);
  channel.receive('200 result=0\n');
  expect(lines).toEqual(['NOOP "a"\n', 'NOOP "b"\n']);
  channel.receive('200 result=0\n');
  await both;
});

it('reads values to the byte', async () => {
  const value = 'a)\n200 result=0\nHANGUP\n"(';
  const { agi, lines } = play((line) =>
    line.startsWith('GET FULL') ? `200 result=1 (${line.includes('${') ? value : ''}${mark(line)})\n` : `200 result=1 (${value})\n`,
  );
  expect(await agi.getVariable('X')).toBe(value);
  expect(await agi.databaseGet('f', 'k')).toBe(value);
  expect(await agi.getFullVariable('${A}')).toBe(value);
  expect(lines).toHaveLength(4);
});

it('tells an unset variable from an empty one', async () => {
  for (const [reply, expected] of [
    ['200 result=0\n', undefined],
    ['200 result=1 ()\n', ''],
  ] as const) {
    const { agi } = play((line) => (line.startsWith('GET FULL') ? `200 result=1 (${mark(line)})\n` : reply));
    expect(await agi.getVariable('X')).toBe(expected);
  }
});

it.each(['SHELL(date)', 'POP(LIST)', 'ODBC_FETCH(1)', 'CURL(http://127.0.0.1)', 'SHELL(date):0:1'])(
  'evaluates %s once, whatever it gives',
  async (name) => {
    for (const value of ['', 'x']) {
      const { agi, lines } = play((line) => `200 result=1 (${value}${mark(line)})\n`);
      expect(await agi.getVariable(name)).toBe(value);
      expect(lines).toHaveLength(1);
    }
  },
);

it.each(['X}${SHELL(id)', 'a}b', '${X}', '$[1+1]', '', '{'])('does not take %j for the name of a variable', async (name) => {
  const { agi, lines } = play(() => '200 result=0\n');
  await expect(agi.getVariable(name)).rejects.toMatchObject({ code: 'FASTAGI_ARGUMENT_NAME' });
  expect(lines).toEqual([]);
});

it("sweeps up EXEC's second answer", async () => {
  const { agi } = play((line) => {
    if (line.startsWith('EXEC')) return '200 result=1\n520-Invalid command syntax.\nUsage\n520 End of proper usage.\n';
    return line.startsWith('GET FULL') ? `200 result=1 (${mark(line)})\n` : '200 result=4\n';
  });
  expect(await agi.exec('NoOp')).toBe(1);
  expect(await agi.channelStatus()).toBe('ring');
});

it.each([
  ['nothing but the probe', ''],
  ['the end of WAIT FOR DIGIT', '200 result=1\n'],
])('interrupts: %s', async (_what, own) => {
  const stop = new AbortController();
  const { agi, lines } = play((line) =>
    line.startsWith('GET FULL') ? `${own}200 result=1 (${mark(line)})\n` : line.startsWith('WAIT') ? undefined : '200 result=0\n',
  );
  const waiting = agi.waitForDigit(-1, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await agi.noop();
  expect(lines).toHaveLength(3);
});

it('gives the key that came just before the interruption', async () => {
  const stop = new AbortController();
  const { agi } = play((line) => (line.startsWith('GET FULL') ? `200 result=53\n200 result=1 (${mark(line)})\n` : undefined));
  const waiting = agi.waitForDigit(-1, { signal: stop.signal });
  stop.abort();
  expect(await waiting).toBe('5');
});

it('never sends a command that was taken back', async () => {
  const stop = new AbortController();
  const { agi, channel, lines } = play(() => undefined);
  const first = agi.noop();
  const second = agi.streamFile('x', '', 0, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  channel.receive('200 result=0\n');
  await first;
  await expect(agi.streamFile('x', '', 0, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  expect(lines).toEqual(['NOOP\n']);
});

it('after a hangup refuses at once what a dead channel does not take, and sends the rest', async () => {
  const { agi, channel, lines } = play(() => '200 result=1\n');
  let fired: unknown;
  agi.signal.addEventListener('abort', () => (fired = agi.signal.reason));
  channel.receive('HANGUP\n');
  expect(agi.hungUp).toBe(true);
  expect(fired).toBeInstanceOf(HangupError);
  await expect(agi.streamFile('x')).rejects.toBeInstanceOf(HangupError);
  await agi.databasePut('f', 'k', 'v');
  await agi.setVariable('a', 'b');
  expect(lines).toHaveLength(2);
});

it('asks whether the channel is gone where a command failed without a notice', async () => {
  const gone = play((line) => (line.startsWith('CHANNEL') ? '511 Command Not Permitted on a dead channel\n' : '200 result=-1 endpos=0\n'));
  await expect(gone.agi.streamFile('x')).rejects.toBeInstanceOf(HangupError);
  expect(gone.agi.hungUp).toBe(true);
  const there = play((line) => (line.startsWith('CHANNEL') ? '200 result=6\n' : '200 result=-1 endpos=0\n'));
  await expect(there.agi.streamFile('x')).rejects.toMatchObject({ code: 'FASTAGI_COMMAND_FAILED', command: 'STREAM FILE' });
});

it.each([
  ['510 Invalid or unknown command\n', 'FASTAGI_COMMAND_UNKNOWN'],
  ['520-Invalid command syntax.\nUsage\n520 End of proper usage.\n', 'FASTAGI_COMMAND_SYNTAX'],
  ['503 result=-2 Memory allocation failure\n', 'FASTAGI_COMMAND_MEMORY'],
  ['799 new\n', 'FASTAGI_COMMAND_REFUSED'],
])('%j is an error', async (reply, code) => {
  await expect(play(() => reply).agi.setContext('x')).rejects.toMatchObject({ code });
});

it('ends every command when the connection ends, at any byte of a reply', async () => {
  const reply = '200 result=1 (timeout) endpos=5';
  for (let at = 0; at <= reply.length; at++) {
    const { agi, channel } = play(() => undefined);
    const all = [agi.streamFile('x'), agi.databasePut('a', 'b', 'c')];
    channel.receive(reply.slice(0, at));
    channel.end();
    for (const command of all) await expect(command).rejects.toBeInstanceOf(HangupError);
    await expect(agi.setVariable('a', 'b')).rejects.toBeInstanceOf(HangupError);
  }
});

it('fails where what comes is no reply: what is under way and what follows, until it is recovered', async () => {
  const { channel, agi, lines } = play((line) =>
    line.startsWith('NOOP') ? 'SSH-2.0-x\n' : line.startsWith('GET') ? `y\n200 result=1 (${mark(line)})\n` : '200 result=1\n',
  );
  const { signal } = agi;
  const both = await Promise.allSettled([agi.noop(), agi.noop()]);
  expect(both).toMatchObject([{ reason: { code: 'FASTAGI_REPLY_MALFORMED' } }, { reason: { code: 'FASTAGI_REPLY_MALFORMED' } }]);
  expect(both).toMatchObject([{ reason: expect.any(ProtocolError) as Error }, {}]);
  await expect(agi.verbose('x')).rejects.toThrow(ProtocolError);
  expect(signal.reason).toBe(channel.failure);
  expect(lines).toEqual(['NOOP\n']);
  await channel.recover();
  await agi.setVariable('FASTAGISTATUS', 'FAILURE');
  expect(lines.at(-1)).toBe('SET VARIABLE "FASTAGISTATUS" "FAILURE"\n');
});

it('evaluates a raw line', async () => {
  const { agi } = play(() => '200 result=53 (dtmf) endpos=8000\n');
  expect(await agi.evaluate('RECORD FILE x gsm # 100')).toEqual({ code: 200, result: '53', data: 'dtmf', endpos: '8000' });
  expect(await play(() => '510 Invalid or unknown command\n').agi.evaluate('NONSENSE')).toEqual({
    code: 510,
    result: '',
    data: 'Invalid or unknown command',
  });
});

it('plays while a promise is pending, and gives its value', async () => {
  const { agi, lines } = play((line) => (line.startsWith('STREAM') ? undefined : `200 result=1 (${mark(line)})\n`));
  const value = await agi.playWhile(new Promise((resolve) => setTimeout(() => resolve('done'), 30)), 'music');
  expect(value).toBe('done');
  expect(lines[0]).toBe('STREAM FILE "music" "" 0\n');
  expect(lines).toHaveLength(2);
  await expect(agi.playWhile(Promise.reject(new Error('failed')), 'music')).rejects.toThrow('failed');
});

it('plays nothing while a promise has settled already', async () => {
  const { agi, lines } = play(() => '200 result=0 endpos=0\n');
  expect(await agi.playWhile(Promise.resolve('there'), 'music')).toBe('there');
  expect(await agi.playWhile((async () => 'soon')(), 'music')).toBe('soon');
  await expect(agi.playWhile(Promise.reject(new Error('failed')), 'music')).rejects.toThrow('failed');
  expect(lines).toEqual([]);
});

it('gives a text without an expression back as it is', async () => {
  const { agi, lines } = play((line) => `200 result=1 (plain${mark(line.replace('plain', ''))})\n`);
  expect(await agi.getFullVariable('plain')).toBe('plain');
  expect(lines).toHaveLength(1);
});

describe('options that stand one after the other', () => {
  const sent = async (call: (agi: Commands) => Promise<unknown>): Promise<string | undefined> => {
    const { agi, lines } = play(() => '200 result=0 (timeout) endpos=0\n');
    await call(agi);
    return lines[0];
  };

  it.each([
    [{}, ''],
    [{ offset: 800 }, ' 800'],
    [{ beep: true }, ' "BEEP"'],
    [{ beep: false }, ''],
    [{ silence: 3 }, ' "s=3"'],
    [{ offset: 800, beep: true }, ' 800 "BEEP"'],
    [{ offset: 0, silence: 3 }, ' 0 "s=3"'],
    [{ beep: true, silence: 3 }, ' "BEEP" "s=3"'],
    [{ offset: 800, beep: true, silence: 3 }, ' 800 "BEEP" "s=3"'],
    [{ offset: undefined, beep: undefined, silence: undefined }, ''],
  ])('RECORD FILE %j', async (options, more) => {
    expect(await sent((agi) => agi.recordFile('/tmp/x', 'wav', '#', 1000, options))).toBe(`RECORD FILE "/tmp/x" "wav" "#" 1000${more}\n`);
  });

  const values = { skip: 500, forward: '6', rewind: '4', pause: '5', offset: 1000 } as const;
  const names = ['skip', 'forward', 'rewind', 'pause', 'offset'] as const;
  const written = [['500', '3000'], ['"6"', '""'], ['"4"', '""'], ['"5"', '""'], ['1000', '']] as const; // prettier-ignore

  it.each(Array.from({ length: 32 }, (_, bits) => bits))('CONTROL STREAM FILE with every choice of them: %d', async (bits) => {
    const given = names.filter((_, index) => bits & (1 << index));
    const last = names.findLastIndex((name) => given.includes(name));
    const more = written.slice(0, last + 1).map(([own, otherwise], index) => (bits & (1 << index) ? own : otherwise));
    const options = Object.fromEntries(given.map((name) => [name, values[name]]));
    const line = await sent((agi) => agi.controlStreamFile('x', '1', options));
    expect(line).toBe(`${['CONTROL STREAM FILE "x" "1"', ...more].join(' ')}\n`);
  });
});

it.each<[string, (agi: Commands) => Promise<unknown>]>([
  ['databaseDelTree, the key tree', (agi) => agi.databaseDelTree('account', '')],
  ['databaseDelTree, the family', (agi) => agi.databaseDelTree('')],
  ['databaseDel', (agi) => agi.databaseDel('account', '')],
  ['databaseGet', (agi) => agi.databaseGet('', 'key')],
  ['databasePut', (agi) => agi.databasePut('account', '', 'value')],
])('an empty name in the database is refused: %s', async (_what, call) => {
  const { agi, lines } = play(() => '200 result=1\n');
  await expect(call(agi)).rejects.toMatchObject({ name: 'UsageError', code: 'FASTAGI_ARGUMENT_EMPTY' });
  expect(lines).toEqual([]);
});

it('takes no provisional line for the reply of what a probe followed', async () => {
  const stop = new AbortController();
  const { channel } = play((line) =>
    line.startsWith('GOSUB') ? '100 result=0 Trying...\n' : `200 result=0 Gosub complete\n200 result=1 (${mark(line)})\n`,
  );
  const reply = channel.send({ words: 'GOSUB', line: 'GOSUB "a" "s" 1\n', signal: stop.signal });
  await new Promise(setImmediate);
  stop.abort(new Error('enough'));
  expect(await reply).toMatchObject({ code: 200, text: 'result=0 Gosub complete' });
});

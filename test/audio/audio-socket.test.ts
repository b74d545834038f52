import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openAudio, type AudioSocketOptions } from '../../src/audio/audio-socket';
import type { AudioStream } from '../../src/audio/audio-stream';
import { openRendezvous } from '../../src/audio/rendezvous';
import { audioFrame, createFrameReader, hangupFrame, type Frame } from '../../src/audio/wire/frames';
import { CommandError } from '../../src/ground/errors';

/** Asterisk's side of an AudioSocket. */
interface Played {
  readonly socket: Socket;
  readonly heard: Frame[];
  /** The application ends. */
  end(): void;
  isOver(): boolean;
}

type Application = (place: { host: string; port: number; id: Buffer }, end: () => void) => void;

/** Opens audio with an Asterisk that runs this as application AudioSocket. */
function open(application: Application, options?: AudioSocketOptions): Promise<AudioStream> {
  const exec = (_name: string, [uuid = '', place = '']: readonly string[]): Promise<number> =>
    new Promise((resolve) => {
      const [, host = '', port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(place) ?? [];
      application({ host, port: Number(port), id: Buffer.from(uuid.replaceAll('-', ''), 'hex') }, () => resolve(0));
    });
  return openAudio({ exec, idle: () => Promise.resolve(), address: '127.0.0.1' }, options);
}

/** Both ends, connected. */
async function both(options?: AudioSocketOptions): Promise<AudioStream & { asterisk: Played }> {
  let asterisk: Played | undefined;
  const audio = await open(({ host, port, id }, end) => {
    const socket = connect(port, host);
    onTestFinished(() => void socket.destroy());
    const heard: Frame[] = [];
    const reader = createFrameReader();
    let isOver = false;
    const over = (): void => {
      isOver = true;
      socket.end();
      end();
    };
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      heard.push(...reader.push(bytes));
      if (heard.at(-1)?.kind === 'hangup') over();
    });
    socket.write(idFrame(id));
    asterisk = { socket, heard, end: over, isOver: () => isOver };
  }, options);
  return { ...audio, asterisk: asterisk as Played };
}

const idFrame = (id: Buffer): Buffer => Buffer.concat([Buffer.from([1, 0, 16]), id]);
const sizeOf = (frames: readonly Frame[]): number =>
  frames.reduce((sum, frame) => sum + (frame.kind === 'audio' ? frame.bytes.length : 0), 0);

describe('live audio', () => {
  it('goes both ways, keys come in between, and end() gives the call back behind the last sound', async () => {
    const { stream, asterisk } = await both();
    const keys: string[] = [];
    stream.on('key', (key) => void keys.push(key));
    for (const bytes of [audioFrame(Buffer.alloc(320, 1)), Buffer.from([3, 0, 1, 0x35]), audioFrame(Buffer.alloc(320, 2))]) asterisk.socket.write(bytes); // prettier-ignore
    stream.end(Buffer.alloc(1600, 9));
    // A loop may go on writing.
    stream.write(Buffer.alloc(320));
    const heard = await buffer(stream);
    expect([heard.length, heard[0], heard.at(-1), keys]).toEqual([640, 1, 2, ['5']]);
    expect([sizeOf(asterisk.heard), asterisk.heard.at(-1)?.kind]).toEqual([1600, 'hangup']);
    if (!stream.closed) await once(stream, 'close');
  });

  it('ends without an error if the caller hangs up, whoever reads and writes', async () => {
    const { stream, asterisk } = await both();
    stream.write(Buffer.alloc(320_000));
    asterisk.socket.end(Buffer.concat([audioFrame(Buffer.alloc(320, 3)), hangupFrame]));
    expect((await buffer(stream)).length).toBe(320);
    if (!stream.closed) await once(stream, 'close');
    stream.write(Buffer.alloc(320));
    stream.clear();
  });

  it('ends if nobody reads', async () => {
    const { stream, asterisk } = await both();
    asterisk.end();
    await once(stream, 'close');
    expect(asterisk.isOver()).toBe(true);
  });

  it('ends at its signal: the application ends, and what was written is not played', async () => {
    const controller = new AbortController();
    const { stream, asterisk } = await both({ signal: controller.signal });
    stream.write(Buffer.alloc(32_000));
    controller.abort();
    await once(stream, 'close');
    await once(asterisk.socket, 'close');
    expect([asterisk.isOver(), sizeOf(asterisk.heard) < 1000]).toEqual([true, true]);
  });

  it('drops on clear() what was written, however much of it waits, and plays what is written then', async () => {
    const { stream, asterisk } = await both();
    for (let count = 0; count < 20; count++) stream.write(Buffer.alloc(8000, 1));
    stream.clear();
    stream.end(Buffer.alloc(640, 2));
    stream.resume();
    await once(stream, 'close');
    const bytes = Buffer.concat(asterisk.heard.map((frame) => (frame.kind === 'audio' ? frame.bytes : Buffer.alloc(0))));
    expect([bytes.filter((byte) => byte === 2).length, bytes.filter((byte) => byte === 1).length <= 640]).toEqual([640, true]);
  });

  it('keeps 10 s of what nobody reads, and drops the oldest', async () => {
    const { stream, asterisk } = await both();
    for (let second = 0; second < 20; second++) asterisk.socket.write(audioFrame(Buffer.alloc(16_000, second)));
    await new Promise<void>((resolve) => asterisk.socket.write(Buffer.from([3, 0, 1, 0x31]), () => resolve()));
    await once(stream, 'key');
    asterisk.end();
    const heard = await buffer(stream);
    expect([heard.at(-1), heard.length <= 160_000 + 32_000]).toEqual([19, true]);
  });
});

describe('who is let in', () => {
  it('is only who brings the id: others are closed', async () => {
    const strangers: Socket[] = [];
    const audio = await open(({ host, port, id }) => {
      const come = (bytes: Buffer): Socket => {
        const socket = connect(port, host).on('error', () => undefined).resume(); // prettier-ignore
        strangers.push(socket);
        socket.write(bytes);
        return socket;
      };
      // One says nothing at all.
      come(Buffer.alloc(0));
      come(idFrame(Buffer.alloc(16)));
      come(audioFrame(Buffer.alloc(320)));
      come(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).once('close', () => connect(port, host).write(idFrame(id)));
    });
    await Promise.all(strangers.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')));
    audio.over();
  });

  it.each([
    ['127.0.0.1', /^127\.0\.0\.1:\d+$/],
    ['::ffff:127.0.0.1', /^127\.0\.0\.1:\d+$/],
    ['::1', /^\[::1\]:\d+$/],
    // This machine does not know it by that name.
    ['pbx-side.example', /^pbx-side\.example:\d+$/],
  ])('is asked to come to %s', async (address, expected) => {
    let asked = '';
    const exec = (_name: string, [, place = '']: readonly string[]): Promise<number> => {
      asked = place;
      return Promise.resolve(0);
    };
    await openAudio({ exec, idle: () => Promise.resolve(), address }).catch(() => undefined);
    expect(asked).toMatch(expected);
  });

  it('is nobody once the application has ended, and the error says what to do', async () => {
    await expect(open((_place, end) => end())).rejects.toMatchObject({ code: 'FASTAGI_AUDIO_CONNECT', message: expect.stringContaining('audioSocket({ host })') as string }); // prettier-ignore
  });

  it('is awaited for 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const opened = open(() => undefined);
    const why = opened.catch((error: unknown) => error);
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(9999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await why).toMatchObject({ code: 'FASTAGI_AUDIO_CONNECT', message: expect.stringContaining('within 10 s') as string });
  });

  it('has 2 s to say whose it is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const rendezvous = await openRendezvous('127.0.0.1', '00'.repeat(16));
    onTestFinished(rendezvous.close);
    const silent = connect(Number(rendezvous.place.split(':')[1]), '127.0.0.1').on('error', () => undefined).resume(); // prettier-ignore
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    const closed = once(silent, 'close');
    await vi.advanceTimersByTimeAsync(2000);
    await closed;
  });

  it('needs an address', async () => {
    const call = { exec: () => Promise.resolve(0), idle: () => Promise.resolve(), address: undefined };
    await expect(openAudio(call)).rejects.toMatchObject({ code: 'FASTAGI_AUDIO_HOST' });
    await expect(openAudio({ ...call, address: '127.0.0.1' }, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late'); // prettier-ignore
  });

  it('is told which module is missing', async () => {
    const exec = () => Promise.reject(new CommandError('FASTAGI_COMMAND_FAILED', 'EXEC', 200, 'result=-2', { about: '', why: 'no' }));
    await expect(openAudio({ exec, idle: () => Promise.resolve(), address: '127.0.0.1' })).rejects.toMatchObject({
      code: 'FASTAGI_AUDIO_MODULE',
      message: expect.stringContaining('app_audiosocket.so') as string,
    });
  });

  it('is ended at once if it comes after the signal', async () => {
    const controller = new AbortController();
    let come: (socket: Socket) => void = () => undefined;
    const came = new Promise<Socket>((resolve) => (come = resolve));
    const opened = open(({ host, port, id }) => {
      controller.abort(new Error('enough'));
      setTimeout(() => come(connect(port, host)), 20);
      void came.then((socket) => socket.write(idFrame(id)));
    }, { signal: controller.signal }); // prettier-ignore
    await expect(opened).rejects.toThrow('enough');
    const socket = await came;
    const reader = createFrameReader();
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(reader.push(bytes)).toEqual([{ kind: 'hangup' }]);
    socket.destroy();
  });
});

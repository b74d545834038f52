import { randomBytes } from 'node:crypto';
import { checkedOptions, textOf } from '../ground/argument';
import { CommandError, UsageError } from '../ground/errors';
import { createAudioStream, type AudioSocket, type AudioStream } from './audio-stream';
import { openRendezvous, type Met } from './rendezvous';

export interface AudioSocketOptions {
  /** The address or name of this machine that Asterisk reaches; the one that it called unless given. */
  readonly host?: string | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** What a call gives. */
export interface AudioCall {
  readonly exec: (application: string, options: readonly string[]) => Promise<number>;
  /** Settles when no command is under way. */
  readonly idle: () => Promise<void>;
  /** This machine's address as Asterisk reached it, if it did. */
  readonly address: string | undefined;
}

/** In ms: so long Asterisk may take to connect; it gives up itself after 2 s. */
const patience = 10_000;

/** Opens a port, has Asterisk connect to it, and gives the caller's audio. */
export async function openAudio(call: AudioCall, options: AudioSocketOptions = {}): Promise<AudioStream> {
  const { host = call.address, signal } = checkedOptions<AudioSocketOptions>(options, 'audioSocket') ?? {};
  signal?.throwIfAborted();
  if (host === undefined) throw noHost();
  const id = randomBytes(16).toString('hex');
  // A socket of both families gives an address of the older one as one of the newer.
  const rendezvous = await openRendezvous(textOf(host, 'audioSocket', 'host').replace(/^::ffff:(?=\d+\.)/i, ''), id);
  await call.idle();
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const ended = call.exec('AudioSocket', [uuid, rendezvous.place]);
  try {
    const met = await firstOf(rendezvous.met, ended, rendezvous.place, signal);
    return begin(met, ended, signal);
  } catch (error) {
    // Asterisk may come later than anybody waits for it.
    void rendezvous.met.then((met) => createAudioStream(met).over());
    void ended.catch(() => undefined).then(rendezvous.close);
    throw error;
  }
}

function begin(met: Met, ended: Promise<unknown>, signal: AbortSignal | undefined): AudioStream {
  const audio = createAudioStream(met);
  signal?.addEventListener('abort', audio.over);
  if (signal?.aborted) audio.over();
  audio.stream.once('close', () => signal?.removeEventListener('abort', audio.over));
  // What the application came to, the next command says too.
  ended.catch(() => undefined).then(audio.over, () => undefined);
  return audio;
}

async function firstOf(met: Promise<Met>, ended: Promise<number>, place: string, signal: AbortSignal | undefined): Promise<Met> {
  let timer: NodeJS.Timeout | undefined;
  let abort: () => void = () => undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notThere(place, `it did not come within ${patience / 1000} s`)), patience);
    abort = () => reject(signal?.reason as Error);
  });
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const atOnce = ended.then(
    () => Promise.reject(notThere(place, 'the application ended at once')),
    (error: unknown) => Promise.reject(whyNot(error, place) as Error),
  );
  try {
    return await Promise.race([met, tooLate, atOnce]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    // It ends some time.
    atOnce.catch(() => undefined);
  }
}

function whyNot(error: unknown, place: string): unknown {
  if (!(error instanceof CommandError)) return error;
  if (error.replyText.includes('result=-2'))
    return new CommandError('FASTAGI_AUDIO_MODULE', 'EXEC', error.replyCode, error.replyText, {
      about: ' "AudioSocket"',
      why: 'this Asterisk has no such application; load res_audiosocket.so and app_audiosocket.so in modules.conf',
    });
  return notThere(place, error.replyText);
}

function notThere(place: string, why: string): CommandError {
  return new CommandError('FASTAGI_AUDIO_CONNECT', 'EXEC', 200, why, {
    about: ' "AudioSocket"',
    why: `Asterisk did not connect to ${place}; name the address of this machine that it reaches: audioSocket({ host })`,
  });
}

function noHost(): UsageError {
  return new UsageError(
    'FASTAGI_AUDIO_HOST',
    'audioSocket: Asterisk did not call this machine itself; name the address of this machine that it reaches: audioSocket({ host })',
  );
}

export type { AudioSocket };

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TtsError } from '../ground/errors';
import { accountOf } from '../ground/accounts';
import { distrustedPath } from '../ground/trust';
import { programEnd, signalGroup } from '../ground/process-group';
import type { Engine } from './engines';
import { parseWav, resampled, wavOf } from './wav';

const month = 30 * 86_400_000;
const day = 86_400_000;
/** Longer than any engine needs for what one would say in one go, in ms. */
const patience = 60_000;

/**
 * Makes a sound file of a text, unless it is in the cache. Gives its path without the extension, as Asterisk wants it.
 * @param rate samples a s
 */
export async function soundOf(text: string, engine: Engine, rate: number, tempdir: string): Promise<string> {
  const key = JSON.stringify([engine.name, engine.command, engine.voice ?? null, rate, text]);
  const cache = await ownCache(tempdir);
  const path = join(cache, createHash('sha256').update(key).digest('hex').slice(0, 40));
  try {
    const now = new Date();
    await utimes(`${path}.wav`, now, now);
    return path;
  } catch {
    // Not in the cache yet.
  }
  await make(text, engine, rate, cache, `${path}.wav`);
  await cleanOnceADay(cache);
  return path;
}

/**
 * The cache of this user: nobody else can put or change anything in it, so that no sound or link of another is ever met there. Asterisk, who
 * may be another user, can read what it knows the name of.
 */
async function ownCache(tempdir: string): Promise<string> {
  const uid = process.geteuid?.() ?? 0;
  const cache = join(tempdir, `fastagi-tts-${uid}`);
  try {
    const found = distrustedPath(tempdir, uid, accountOf(uid));
    if (found) throw new Error(`${found.why}; ${found.remedy}, or name another directory`);
    await mkdir(cache, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const stat = await lstat(cache);
    if (!stat.isDirectory() || stat.uid !== uid || stat.mode & 0o022) throw new Error(`${cache} is not this user's alone; remove it`);
    return cache;
  } catch (cause) {
    const message = `[phpagi] tempdir ${tempdir} cannot be used by user ${uid}: ${(cause as Error).message}`;
    throw new TtsError('FASTAGI_TTS_CACHE', message, { cause });
  }
}

/** Whoever looks sees the whole file or none: it gets its name when it is done. */
async function make(text: string, engine: Engine, rate: number, cache: string, path: string): Promise<void> {
  const dir = await mkdtemp(join(cache, '.'));
  try {
    const [input, output, done] = ['in.txt', 'out.wav', 'done.wav'].map((name) => join(dir, name)) as [string, string, string];
    await writeFile(input, text);
    await run(engine, { in: input, out: output, text, rate: String(rate), voice: engine.voice ?? '' });
    const sound = parseWav(await readFile(output).catch(() => new Uint8Array()));
    if (sound.samples.length === 0) throw new TtsError('FASTAGI_TTS_SOUND', `the speech engine ${engine.name} made no sound of the text`);
    await writeFile(done, wavOf(resampled(sound, rate)), { mode: 0o644 });
    await rename(done, path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function run(engine: Engine, values: Readonly<Record<string, string>>): Promise<void> {
  const filled = engine.command.map((word) => word.replace(/\{(in|out|text|rate|voice)\}/g, (_, name: string) => values[name] ?? ''));
  const [program = '', ...args] = filled;
  const takesInput = !engine.command.some((word) => /\{(in|text)\}/.test(word));
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  // An engine behind a shell ends with it, and so does what holds its descriptors.
  let isTooLate = false;
  const timer = setTimeout(() => {
    isTooLate = true;
    signalGroup(child, 'SIGKILL');
  }, patience);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said = (said + String(bytes)).slice(-500)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(takesInput ? values['text'] : '');
  const { code, signal } = await programEnd(child)
    .catch((cause: Error) => {
      const message = `the speech engine ${engine.name} cannot be started: ${cause.message}; is it installed?`;
      throw new TtsError('FASTAGI_TTS_ENGINE', message, { cause });
    })
    .finally(() => clearTimeout(timer));
  // Its last words may still be in the pipe, which others may hold open.
  await Promise.race([once(child.stderr, 'close'), sleep(50)]);
  child.stderr.destroy();
  const status = isTooLate ? `${signal} after ${patience / 1000} s` : (code ?? signal);
  if (status === 0) return;
  throw new TtsError('FASTAGI_TTS_FAILED', `the speech engine ${engine.name} ended with ${status}: ${said.trim() || '(it said nothing)'}`);
}

/** Removes what nobody has used for a month; whoever comes first on a day does it. */
async function cleanOnceADay(cache: string): Promise<void> {
  const marker = join(cache, 'cleaned');
  const last = await stat(marker).then(({ mtimeMs }) => mtimeMs, () => 0); // prettier-ignore
  if (Date.now() - last < day) return;
  try {
    await writeFile(marker, '');
    for (const name of await readdir(cache)) {
      const path = join(cache, name);
      if (!name.endsWith('.wav')) continue;
      if (Date.now() - (await stat(path)).mtimeMs > month) await unlink(path);
    }
  } catch {
    // Another call cleans at the same time.
  }
}

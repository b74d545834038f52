import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { settingsOf } from '../support/settings';
import type { Sections } from '../../src/config/settings';
import { configuredEngine, festival, swift, type Engine } from '../../src/tts/engines';
import { soundOf } from '../../src/tts/speak';
import { parseWav } from '../../src/tts/wav';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { isRunning } from '../support/processes';
import { simulatedCall } from '../support/simulated-call';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-tts-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const settings = (sections: Sections = {}) => settingsOf({ phpagi: { tempdir: dir }, ...sections });
const engineOf = (name: string, section: Record<string, string> = {}) =>
  configuredEngine(settings({ tts: { engine: name }, [name]: section }));
const spoken = async (text: string, engine: Engine, rate = 8000) => {
  const file = readFileSync(`${await soundOf(text, engine, rate, dir)}.wav`);
  return { file, ...parseWav(file) };
};
const loudness = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** An engine that leaves a trace of each run: a program that copies a sound. */
function copying(body = 'cp "$1" "$2"'): Engine {
  const samples = 1600;
  const wav = Buffer.alloc(44 + 2 * samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 2 * samples, 4);
  wav.write('WAVEfmt ', 8);
  for (const [at, value, size] of [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, 16_000, 4], [28, 32_000, 4], [32, 2, 2], [34, 16, 2], [40, 2 * samples, 4]] as const) {
    if (size === 4) wav.writeUInt32LE(value, at);
    else wav.writeUInt16LE(value, at);
  } // prettier-ignore
  wav.write('data', 36);
  for (let index = 0; index < samples; index++) wav.writeInt16LE(Math.round(9000 * Math.sin(index / 5)), 44 + 2 * index);
  writeFileSync(join(dir, 'source.wav'), wav);
  const program = join(dir, 'engine.sh');
  writeFileSync(program, `#!/bin/sh\necho run >> ${dir}/runs\n${body}\n`);
  chmodSync(program, 0o755);
  return { name: 'copying', command: [program, join(dir, 'source.wav'), '{out}', '--', '{text}'], voice: undefined };
}
const runs = () => (existsSync(join(dir, 'runs')) ? readFileSync(join(dir, 'runs'), 'utf8').split('\n').length - 1 : 0);
const cache = () => join(dir, `fastagi-tts-${process.geteuid?.()}`);
const left = () => readdirSync(cache()).filter((name) => name.startsWith('.'));

describeWith({ festival: hasProgram('text2wave'), 'espeak-ng': hasProgram('espeak-ng') }, 'the real engines', () => {
  it.each([
    ['festival', festival(settingsOf({}))],
    ['espeak-ng', configuredEngine(settingsOf({ tts: { engine: 'espeak-ng' } }))],
    ['espeak-ng with a voice', configuredEngine(settingsOf({ tts: { engine: 'espeak-ng' }, 'espeak-ng': { voice: 'de' } }))],
    [
      'a template that reads standard input',
      configuredEngine(settingsOf({ tts: { engine: 'mine' }, mine: { command: 'espeak-ng --stdin -w {out}' } })),
    ],
  ])('%s: what Asterisk can play, and no silence', async (_name, engine) => {
    const short = await spoken('hello', engine);
    const long = await spoken('hello, this is a rather longer text, and it takes its time', engine);
    for (const sound of [short, long]) {
      expect(sound.file.readUInt16LE(22)).toBe(1);
      expect(sound.file.readUInt16LE(34)).toBe(16);
      expect(sound.rate).toBe(8000);
      expect(loudness(sound.samples)).toBeGreaterThan(200);
    }
    expect(short.samples.length).toBeGreaterThan(1600);
    expect(long.samples.length).toBeGreaterThan(2 * short.samples.length);
  });

  it('takes hostile text for text', async () => {
    const engine = configuredEngine(settingsOf({ tts: { engine: 'espeak-ng' } }));
    for (const text of [
      `$(touch ${dir}/pwned)`,
      `"; touch ${dir}/pwned; "`,
      '-w /tmp/x',
      '`id`\n\nline',
      '(SayText "x")',
      '<break/>&amp;',
    ]) {
      expect((await spoken(text, engine)).samples.length).toBeGreaterThan(0);
    }
    await spoken(`(system "touch ${dir}/pwned")`, festival(settingsOf({})));
    expect(existsSync(join(dir, 'pwned'))).toBe(false);
  });
});

describe('the cache', () => {
  it('makes a text once, and again for another voice, rate, engine or text', async () => {
    const engine = copying();
    const path = await soundOf('text', engine, 8000, dir);
    expect(await soundOf('text', engine, 8000, dir)).toBe(path);
    expect(runs()).toBe(1);
    const others = [
      await soundOf('other', engine, 8000, dir),
      await soundOf('text', engine, 16_000, dir),
      await soundOf('text', { ...engine, voice: 'v' }, 8000, dir),
      await soundOf('text', { ...engine, name: 'e' }, 8000, dir),
    ];
    expect(new Set([path, ...others]).size).toBe(5);
    expect(runs()).toBe(5);
  });

  it('has the sound at the rate asked for, whole, and nothing else left over', async () => {
    const engine = copying();
    const { rate, samples, file } = await spoken('text', engine);
    expect([rate, samples.length, file.length]).toEqual([8000, 800, 44 + 1600]);
    expect(loudness(samples)).toBeGreaterThan(5000);
    expect(left()).toEqual([]);
  });

  it('never shows half a file to two calls at once', async () => {
    const engine = copying('head -c 100 "$1" > "$2"; sleep 0.2; cp "$1" "$2"');
    const paths = await Promise.all([soundOf('text', engine, 8000, dir), soundOf('text', engine, 8000, dir)]);
    expect(paths[0]).toBe(paths[1]);
    expect(readFileSync(`${paths[0]}.wav`)).toHaveLength(44 + 1600);
    expect(left()).toEqual([]);
  });

  it('loses what nobody has used for a month, at most once a day', async () => {
    const engine = copying();
    const old = await soundOf('old', engine, 8000, dir);
    const used = await soundOf('used', engine, 8000, dir);
    writeFileSync(join(dir, 'foreign.wav'), '');
    const longAgo = new Date(Date.now() - 31 * 86_400_000);
    for (const path of [`${old}.wav`, `${used}.wav`, join(dir, 'foreign.wav')]) utimesSync(path, longAgo, longAgo);
    await soundOf('used', engine, 8000, dir);
    await soundOf('new', engine, 8000, dir);
    expect(existsSync(`${old}.wav`)).toBe(true);
    utimesSync(join(cache(), 'cleaned'), longAgo, longAgo);
    await soundOf('newer', engine, 8000, dir);
    expect([old, used].map((path) => existsSync(`${path}.wav`))).toEqual([false, true]);
    expect(existsSync(join(dir, 'foreign.wav'))).toBe(true);
    expect(Date.now() - statSync(`${used}.wav`).mtimeMs).toBeLessThan(60_000);
  });
});

describe('what goes wrong', () => {
  it.each<[string, () => Engine, string, RegExp]>([
    [
      'an engine that is missing',
      () => ({ name: 'none', command: ['/no/such/engine'], voice: undefined }),
      'FASTAGI_TTS_ENGINE',
      /engine none cannot be started.*installed/,
    ],
    ['an engine that fails', () => copying('echo "no voice" >&2; exit 3'), 'FASTAGI_TTS_FAILED', /copying ended with 3: no voice/],
    ['an engine that is killed', () => copying('kill -9 $$'), 'FASTAGI_TTS_FAILED', /SIGKILL/],
    ['an engine that writes nothing', () => copying('true'), 'FASTAGI_TTS_SOUND', /no WAV file/],
    ['an engine that writes no sound', () => copying('head -c 44 "$1" > "$2"'), 'FASTAGI_TTS_SOUND', /copying made no sound/],
    ['an engine that writes something else', () => copying('echo MP3 > "$2"'), 'FASTAGI_TTS_SOUND', /no WAV file/],
  ])('%s is an error that names it, and leaves nothing', async (_what, engine, code, message) => {
    const error: unknown = await soundOf('text', engine(), 8000, dir).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TtsError', code });
    expect((error as Error).message).toMatch(message);
    expect(left()).toEqual([]);
    expect(readdirSync(cache())).toEqual([]);
  });

  it('a cache that cannot be written names it', async () => {
    await expect(soundOf('text', copying(), 8000, join(dir, 'nowhere'))).rejects.toMatchObject({
      code: 'FASTAGI_TTS_CACHE',
      message: expect.stringContaining('nowhere') as string,
    });
  });

  it('an unknown engine says how to describe one', () => {
    expect(() => engineOf('nosuch')).toThrow(/nosuch.*\[nosuch\] command = /);
    expect(() => engineOf('constructor')).toThrow(/constructor/);
  });
});

describe('the engines', () => {
  it('are called as their manuals say', () => {
    expect(engineOf('pico', { voice: 'de-DE' }).command).toEqual(['pico2wave', '-l', '{voice}', '-w', '{out}', '--', '{text}']);
    expect(engineOf('piper', { voice: '/m.onnx' }).command).toEqual(['piper', '--model', '{voice}', '--output_file', '{out}']);
    expect(swift(settings({ cepstral: { swift: '/opt/swift/bin/swift', voice: 'Allison' } })).command.join(' ')).toBe(
      '/opt/swift/bin/swift -p audio/channels=1,audio/sampling-rate={rate} -n {voice} -o {out} -f {in}',
    );
    expect(engineOf('mine', { command: '/opt/my engine "a b" {out}' }).command).toEqual(['/opt/my', 'engine', 'a b', '{out}']);
    expect(configuredEngine(settings()).name).toBe('festival');
  });

  it.each([
    ['program --out {out} {text}', false],
    ['{text} -- x', false],
    ['program {text}-- --', false],
    ['program -o {out} -- {text}', true],
    ['program --text={text} -o {out}', true],
    ['program -o {out} {in}', true],
    ['program -o {out}', true],
  ])('a text that begins with - is no option of theirs: %s', (command, isTaken) => {
    const engine = () => configuredEngine(settingsOf({ tts: { engine: 'mine' }, mine: { command } })).command.length;
    if (isTaken) expect(engine()).toBeGreaterThan(1);
    else expect(engine).toThrow('[mine] command has {text} without -- before it');
  });

  it('speak for scripts: say, text2wav, swift, sayPunctuation, and prompts with *', async () => {
    const engine = copying();
    const sections = {
      phpagi: { tempdir: dir },
      tts: { engine: 'mine' },
      mine: { command: engine.command.join(' ') },
      festival: { text2wave: '/no/festival' },
      cepstral: { swift: '/no/swift' },
    };
    const paths = await Promise.all(
      ['hello', 'a, question mark'].map((text) => soundOf(text, configuredEngine(settingsOf(sections)), 8000, dir)),
    );
    const { agi, asterisk } = simulatedCall({ sounds: Object.fromEntries(paths.map((path) => [path, 100])) }, sections);
    expect(await agi.say(' hello ', '#')).toEqual({ digit: undefined, endpos: 800 });
    await agi.sayPunctuation('a?');
    await agi.ask('*hello', { attempts: 1 });
    expect(asterisk.commands.filter((line) => line.startsWith('STREAM')).map((line) => line.split('"')[1])).toEqual([
      paths[0],
      paths[1],
      paths[0],
    ]);
    expect(await agi.say('  \0')).toEqual({ digit: undefined, endpos: 0 });
    await expect(agi.text2wav('x')).rejects.toThrow(/festival cannot be started/);
    await expect(agi.swift('x')).rejects.toThrow(/swift cannot be started/);
  });
});

describe('an engine that does not end', () => {
  const pid = () => readFileSync(join(dir, 'pid'), 'utf8').trim();

  it('but leaves something behind that holds its descriptors: what it spoke is taken at once', async () => {
    const engine = copying(`cp "$1" "$2"; sleep 50 & echo $! > ${dir}/pid`);
    expect((await spoken('hello', engine)).samples.length).toBeGreaterThan(0);
    expect(isRunning(Number(pid()))).toBe(true);
    process.kill(Number(pid()), 'SIGKILL');
  });

  it('is ended after 60 s with what it runs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const failure = spoken('hello', copying(`sleep 50 & echo $! > ${dir}/pid; wait`)).catch((error: unknown) => error);
    while (!existsSync(join(dir, 'pid')) || pid() === '') await new Promise(setImmediate);
    vi.advanceTimersByTime(60_000);
    const advance = setInterval(() => vi.advanceTimersByTime(100), 10);
    expect(await failure).toMatchObject({ code: 'FASTAGI_TTS_FAILED', message: expect.stringContaining('SIGKILL after 60 s') as string });
    clearInterval(advance);
    while (isRunning(Number(pid()))) await new Promise(setImmediate);
  });
});

describeWith({ root: isRoot }, 'the cache of another user', () => {
  const mallory = 61_002;

  it('is not made in a directory that others could exchange', async () => {
    chmodSync(dir, 0o777);
    await expect(soundOf('hello', copying(), 8000, dir)).rejects.toMatchObject({
      code: 'FASTAGI_TTS_CACHE',
      message: expect.stringMatching(/everybody may write .*; chmod o-w .*, or name another directory/) as string,
    });
  });

  it.each([
    ['a directory of another', () => (mkdirSync(cache()), chownSync(cache(), mallory, mallory))],
    ['a link to a directory', () => (mkdirSync(join(dir, 'elsewhere')), symlinkSync(join(dir, 'elsewhere'), cache()))],
    ['a directory that others may write', () => (mkdirSync(cache()), chmodSync(cache(), 0o777))],
    ['a file', () => writeFileSync(cache(), '')],
  ])('is not used: %s', async (_what, plant) => {
    plant();
    await expect(soundOf('hello', copying(), 8000, dir)).rejects.toMatchObject({
      code: 'FASTAGI_TTS_CACHE',
      message: expect.stringMatching(/fastagi-tts-0 is not this user's alone; remove it/) as string,
    });
    expect(runs()).toBe(0);
  });

  it('is made so that Asterisk can play what it knows the name of, and nobody else can change anything', async () => {
    const path = await soundOf('hello', copying(), 8000, dir);
    expect(statSync(cache()).mode & 0o777).toBe(0o711);
    expect(statSync(`${path}.wav`).mode & 0o777).toBe(0o644);
  });
});

import { TtsError } from '../ground/errors';

/** A program that turns text into a WAV file: its arguments, with what stands for `{in}`, `{out}` and so on. */
export interface Engine {
  readonly name: string;
  /** The program and its arguments. `{text}` is the text; without it and `{in}`, a file with the text, it comes on standard input. */
  readonly command: readonly string[];
  readonly voice: string | undefined;
}

/** The part of the settings that speech needs. */
export interface TtsSettings {
  readonly phpagi: { readonly tempdir: string };
  readonly festival: { readonly text2wave: string };
  readonly cepstral: { readonly swift: string; readonly voice: string | undefined };
  readonly tts: { readonly engine: string | undefined };
  readonly sections: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const festival = (settings: TtsSettings): Engine => ({
  name: 'festival',
  command: [settings.festival.text2wave, '-F', '{rate}', '-o', '{out}', '{in}'],
  voice: undefined,
});

export const swift = (settings: TtsSettings, voice = settings.cepstral.voice): Engine => ({
  name: 'swift',
  command: [
    settings.cepstral.swift, '-p', 'audio/channels=1,audio/sampling-rate={rate}', ...(voice === undefined ? [] : ['-n', '{voice}']), '-o', '{out}', '-f', '{in}',
  ],
  voice,
}); // prettier-ignore

/** What is known of further engines; their voice is `[ENGINE] voice`. */
const known: Readonly<Record<string, (voice: string | undefined) => string[]>> = {
  'espeak-ng': (voice) => ['espeak-ng', ...(voice === undefined ? [] : ['-v', '{voice}']), '-w', '{out}', '-f', '{in}'],
  pico: (voice) => ['pico2wave', ...(voice === undefined ? [] : ['-l', '{voice}']), '-w', '{out}', '--', '{text}'],
  piper: (voice) => ['piper', ...(voice === undefined ? [] : ['--model', '{voice}']), '--output_file', '{out}'],
};

/** The engine that `[tts] engine` names, festival unless one is named. Throws TtsError where it is not known. */
export function configuredEngine(settings: TtsSettings): Engine {
  const name = settings.tts.engine ?? 'festival';
  if (name === 'festival') return festival(settings);
  if (name === 'swift' || name === 'cepstral') return swift(settings);
  const section = Object.hasOwn(settings.sections, name) ? settings.sections[name] : undefined;
  const voice = section?.['voice'] || undefined;
  const template = section?.['command'];
  if (template) return { name, command: checkedWords(name, template), voice };
  const make = Object.hasOwn(known, name) ? known[name] : undefined;
  if (make) return { name, command: make(voice), voice };
  throw new TtsError(
    'FASTAGI_TTS_ENGINE',
    `[tts] engine is ${JSON.stringify(name)}, which is none of festival, swift, espeak-ng, pico, piper; describe it: [${name}] command = /path/to/program --out {out} {in}`,
  );
}

/** A text that begins with `-` must not become an option of the program. */
function checkedWords(name: string, template: string): string[] {
  const words = wordsOf(template);
  const text = words.findIndex((word) => word.startsWith('{text}'));
  if (text < 0 || words.slice(1, text).includes('--')) return words;
  throw new TtsError(
    'FASTAGI_TTS_ENGINE',
    `[${name}] command has {text} without -- before it: a text that begins with - would be an option; write -- {text}, or {in} for a file with the text`,
  );
}

/** A command line's words; quotes hold blanks together. No shell ever sees them. */
function wordsOf(template: string): string[] {
  return [...template.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

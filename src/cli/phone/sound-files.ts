import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A sound's file, and how sox reads it. */
export interface SoundFile {
  readonly path: string;
  /** What stands before the file on sox's command line. */
  readonly options: readonly string[];
  /** In ms, if its size says so. */
  readonly length: number | undefined;
}

/** In the order in which a format is taken; those without a head need to be named to sox. */
const formats: readonly (readonly [extension: string, options: readonly string[], bytesPerMs: number | undefined])[] = [
  ['wav', [], undefined],
  ['sln', ['-t', 'raw', '-r', '8000', '-e', 'signed-integer', '-b', '16', '-c', '1'], 16],
  ['sln16', ['-t', 'raw', '-r', '16000', '-e', 'signed-integer', '-b', '16', '-c', '1'], 32],
  ['ulaw', ['-t', 'ul', '-r', '8000', '-c', '1'], 8],
  ['alaw', ['-t', 'al', '-r', '8000', '-c', '1'], 8],
  // A frame of 20 ms has 33 bytes.
  ['gsm', ['-t', 'gsm'], 33 / 20],
];

/** A sound as Asterisk finds it. @param directory Asterisk's, with one for each language */
export function findSound(name: string, directory: string, language = 'en'): SoundFile | undefined {
  const places = name.startsWith('/') ? [name] : [join(directory, language, name), join(directory, name)];
  for (const place of places) {
    for (const [extension, options, bytesPerMs] of formats) {
      const path = `${place}.${extension}`;
      if (existsSync(path)) return { path, options, length: bytesPerMs && Math.round(statSync(path).size / bytesPerMs) };
    }
  }
  return undefined;
}

/** The sounds that Asterisk plays for what a caller hears: a file, or what is said, `digits 123`. */
export function soundsOf(heard: string): string[] {
  const [, what = '', text = ''] = /^(digits|alpha|number|phonetic) (.*)$/.exec(heard) ?? [];
  if (what === '') return [heard];
  const characters = [...text.toLowerCase()];
  if (what === 'digits') return characters.flatMap(digit);
  if (what === 'number') return numberSounds(Math.trunc(Number(text)));
  return characters.flatMap((one) =>
    /[a-z]/.test(one) ? `${what === 'phonetic' ? 'phonetic/' : 'letters/'}${one}${what === 'phonetic' ? '_p' : ''}` : digit(one),
  );
}

const signs: Readonly<Record<string, string>> = { '-': 'digits/minus', '*': 'digits/star', '#': 'digits/pound' };

function digit(one: string): string[] {
  return /\d/.test(one) ? [`digits/${one}`] : [signs[one] ?? []].flat();
}

/** As English has it. */
function numberSounds(number: number): string[] {
  if (number < 0) return ['digits/minus', ...numberSounds(-number)];
  if (number <= 20) return [`digits/${number}`];
  for (const [size, word] of [[1_000_000, 'million'], [1000, 'thousand'], [100, 'hundred']] as const) {
    if (number < size) continue;
    const rest = number % size;
    return [...numberSounds(Math.trunc(number / size)), `digits/${word}`, ...(rest > 0 ? numberSounds(rest) : [])];
  } // prettier-ignore
  return [`digits/${number - (number % 10)}`, ...(number % 10 > 0 ? [`digits/${number % 10}`] : [])];
}

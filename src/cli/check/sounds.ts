import { runtimeName } from '../../ground/runtime';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { extensionOf } from '../../script/extension';
import { warning, together, type Found } from './found';
import { withoutExperimental } from '../../serve/process/warnings';
import { isDirectory } from './find-scripts';
import { literalPrompts, type LiteralPrompt } from './prompts';

/**
 * Prompts of scripts that no file of Asterisk's sounds holds, in whatever format.
 * @param names the scripts', below basedir
 * @param sounds the directory that has one for each language
 */
export function lookAtSounds(names: readonly string[], basedir: string, sounds: string): Found {
  if (!isDirectory(sounds)) return warning(`there is no directory ${sounds} with sounds: if Asterisk is on another machine, look there`);
  const languages = languagesIn(sounds);
  return together(...names.map((name) => lookAtScript(name, join(basedir, name), sounds, languages)));
}

function lookAtScript(name: string, path: string, sounds: string, languages: readonly string[]): Found {
  if (!/^\.[cm]?[jt]s$/.test(extensionOf(name))) return together();
  const found = promptsOf(path);
  if (typeof found === 'string') return warning(`${name}: its sounds were not looked at: ${found}`);
  return warning(...found.flatMap(({ sound, line }) => missing(sound, sounds, languages).map((why) => `${name}, line ${line}: ${why}`)));
}

/** Or why they cannot be known. */
function promptsOf(path: string): LiteralPrompt[] | string {
  try {
    const text = readFileSync(path, 'utf8');
    if (!extensionOf(path).endsWith('ts')) return literalPrompts(text);
    // Lines stay where they are.
    const { stripTypeScriptTypes: strip } = process.getBuiltinModule('node:module') as { stripTypeScriptTypes?: (code: string) => string };
    return strip ? literalPrompts(withoutExperimental(() => strip(text))) : `${runtimeName()} does not read TypeScript`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A line for a sound that is missing, everywhere or in some languages. */
function missing(sound: string, sounds: string, languages: readonly string[]): string[] {
  if (sound.startsWith('/')) return hasSound(dirname(sound), basename(sound)) ? [] : [`there is no sound ${sound}`];
  const without = languages.filter(
    (language) => !placesOf(language).some((place) => hasSound(join(sounds, place, dirname(sound)), basename(sound))),
  );
  if (without.length === 0 && (languages.length > 0 || hasSound(join(sounds, dirname(sound)), basename(sound)))) return [];
  if (without.length === languages.length) return [`there is no sound ${sound} below ${sounds}`];
  return [`the sound ${sound} is missing in ${without.join(', ')} below ${sounds}`];
}

/** As Asterisk looks: the language with its region, without it, and no language. */
function placesOf(language: string): string[] {
  return [language, language.split('_')[0] ?? language, '.'];
}

function languagesIn(sounds: string): string[] {
  return readdirSync(sounds)
    .filter((name) => /^[a-z]{2,3}(?:_[A-Za-z]+)*$/.test(name) && isDirectory(join(sounds, name)))
    .toSorted();
}

/** The names of the sounds of each directory, read once. */
const known = new Map<string, ReadonlySet<string>>();

function hasSound(directory: string, name: string): boolean {
  let names = known.get(directory);
  if (!names) {
    names = namesOf(directory);
    known.set(directory, names);
  }
  return names.has(name);
}

/** Without their formats. */
function namesOf(directory: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(directory).flatMap((name) => (extensionOf(name) === '' ? [] : name.slice(0, -extensionOf(name).length))));
  } catch {
    return new Set();
  }
}

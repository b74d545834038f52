import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { ConfigError } from '../../ground/errors';
import type { LadderStep } from '../../tape/ladder';
import { usualLength } from '../../testing/asterisk/functions';
import { findSound, soundsOf, type SoundFile } from './sound-files';

/** Plays what a caller hears. */
export interface Loudspeaker {
  /** How long a sound plays, in ms. */
  lengthOf(file: string): number;
  /** Something happened: a prompt begins, or is over. */
  step(step: LadderStep): void;
  stop(): void;
}

/**
 * Plays with sox. Throws ConfigError if it is not there.
 * @param directory Asterisk's sounds @param say prints what cannot be played
 */
export function createLoudspeaker(directory: string, say: (line: string) => void): Loudspeaker {
  if (spawnSync('play', ['--version']).error)
    throw new ConfigError('FASTAGI_CALL_SOUND', 'call: --sound plays with sox, which is not here; apt install sox');
  const lengths = new Map<string, number>();
  let playing: ChildProcess | undefined;

  const stop = (): void => {
    playing?.kill();
    playing = undefined;
  };

  const find = (name: string): SoundFile | undefined => {
    const found = findSound(name, directory);
    if (!found) say(`! there is no sound ${name} in ${directory}`);
    return found;
  };

  const play = (names: readonly string[]): void => {
    stop();
    const files = names.flatMap((name) => find(name) ?? []);
    if (files.length === 0) return;
    playing = spawn('play', ['-q', ...files.flatMap(({ path, options }) => [...options, path])], { stdio: ['ignore', 'ignore', 'pipe'] });
    const own = playing;
    let said = '';
    own.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    own.on('close', (status) => {
      if (status !== null && status !== 0) say(`! play: ${said.trim().split('\n')[0] ?? ''}`);
    });
  };

  return {
    lengthOf(file) {
      const known = lengths.get(file);
      if (known !== undefined) return known;
      const found = findSound(file, directory);
      const length = found ? (found.length ?? measured(found)) : usualLength;
      lengths.set(file, length);
      return length;
    },
    step({ who, text }) {
      if (who === 'caller' && text.startsWith('hears ')) play(soundsOf(text.slice('hears '.length)));
      else if (who === 'asterisk') stop();
    },
    stop,
  };
}

/** In ms. */
function measured({ path }: SoundFile): number {
  const { stdout } = spawnSync('soxi', ['-D', path], { encoding: 'utf8' });
  const seconds = Number.parseFloat(stdout);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : usualLength;
}

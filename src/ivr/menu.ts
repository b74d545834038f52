import type { Commands } from '../agi/agi';
import { UsageError } from '../ground/errors';
import { ask } from './ask';
import { pairsOf, type Choices } from './choices';
import type { Prompts, Speak } from './prompts';

export interface MenuOptions {
  /** How often the menu is played (10). */
  attempts?: number | undefined;
  /** Played where the key is none of the menu's. */
  invalid?: Prompts | undefined;
  /** Played where no key was pressed. */
  onTimeout?: Prompts | undefined;
}

/**
 * Plays a menu until one of its keys is pressed: another key does not stop it, as in phpagi.
 * @param timeout how long to wait for a key behind the last prompt, in ms
 */
export async function menu(
  agi: Commands,
  speak: Speak,
  choices: Choices,
  timeout: number,
  { attempts = 10, ...options }: MenuOptions,
): Promise<string | undefined> {
  const entries = new Map(pairsOf(choices));
  for (const key of entries.keys()) {
    if (!/^[0-9*#A-D]$/.test(key))
      throw new UsageError('FASTAGI_MENU_KEY', `menu: ${JSON.stringify(key)} is no key; write 0 to 9, *, # or A to D`);
  }
  if (entries.size === 0) throw new UsageError('FASTAGI_MENU_KEY', 'menu: there is nothing to choose; give a prompt for each key');
  const one = { digits: 1, terminator: '', timeouts: { first: timeout }, validate: (key: string) => entries.has(key) };
  const answer = await ask(agi, speak, [...entries.values()].flat(), { ...options, ...one, attempts }, [...entries.keys()].join(''));
  return answer.outcome === 'entered' ? answer.digits : undefined;
}

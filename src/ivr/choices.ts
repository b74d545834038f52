import type { Prompts } from './prompts';

/** Keys and what is played for each. An object has its digits first, in their order. */
export type ChoicesByKey = Readonly<Record<string | number, Prompts>>;

/** Keys and what is played for each: an object, or pairs where the order matters. */
export type Choices<Key extends string = string> = ChoicesByKey | Iterable<readonly [key: Key, prompts: Prompts]>;

/** The keys of a menu, as they are pressed. */
export type KeyOf<C> = C extends Iterable<readonly [infer Key extends string, Prompts]> ? Key : `${keyof C & (string | number)}`;

/** The pairs that a menu is made of, in its order. */
export function pairsOf(choices: Choices): (readonly [key: string, prompts: Prompts])[] {
  return Symbol.iterator in choices ? [...(choices as Iterable<readonly [string, Prompts]>)] : Object.entries(choices);
}

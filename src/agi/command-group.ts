import { methodGroup, type MethodGroup } from '../ground/method-groups';
import type { CommandSender } from './command-sender';

/** Where an object has what sends its commands. */
export const sender = Symbol('sender');

/** An object with commands as methods. */
export interface Sending {
  readonly [sender]: CommandSender;
}

/** Commands as methods. @param names all of them */
export function commandGroup<Methods extends object>(
  names: Readonly<Record<keyof Methods, true>>,
  make: (sender: CommandSender) => Methods,
): MethodGroup<Sending> {
  return methodGroup<Sending, Methods>(names, (self) => make(self[sender]));
}

/** Whatever keys come while this runs are secret. @param agi what a script is given */
export function readSecretly<T>(agi: object, read: () => Promise<T>): Promise<T> {
  const own = (agi as Partial<Sending>)[sender];
  return own ? own.readSecretly(read) : read();
}

import type { Clock } from './asterisk/clock';
import type { Running } from './asterisk/running';

/** What a caller does, one after the other. */
export interface Caller {
  /** Waits for a prompt: a sound's file, or what is said, `digits 123`. */
  hears(prompt: string): Caller;
  /** Presses keys, each as soon as a command listens for it. */
  presses(keys: string): Caller;
  /** @param seconds so long, in s */
  waits(seconds: number): Caller;
  hangsUp(): Caller;
}

type Action =
  | { readonly kind: 'hears'; readonly prompt: string }
  | { readonly kind: 'presses'; readonly key: string }
  | { readonly kind: 'waits'; readonly ms: number }
  | { readonly kind: 'hangsUp' };

/** Somebody who plays the caller. */
export interface CallerPlayer {
  /** A command is under way. @param fault with `silence` the caller does nothing while it is, with `wrongKey` another key comes first */
  began(running: Running, fault?: string): void;
  ended(): void;
  /** Whether only a script's next command can make the caller do something. */
  readonly isStuck: boolean;
  /** What was to be done and was not: a sentence each. */
  left(): string[];
}

/** What a caller's script says. */
export function actionsOf(write: (caller: Caller) => void): Action[] {
  const actions: Action[] = [];
  const caller: Caller = {
    hears(prompt) {
      actions.push({ kind: 'hears', prompt });
      return caller;
    },
    presses(keys) {
      actions.push(...[...keys].map((key) => ({ kind: 'presses', key }) as const));
      return caller;
    },
    waits(seconds) {
      actions.push({ kind: 'waits', ms: 1000 * seconds });
      return caller;
    },
    hangsUp() {
      actions.push({ kind: 'hangsUp' });
      return caller;
    },
  };
  write(caller);
  return actions;
}

/** In ms: a prompt is heard so long before its end, as it can be stopped then. */
const before = 1;

const allKeys = '0123456789*#';

/** What a caller has hands for. */
interface Hands {
  press(key: string): void;
  hangUp(): void;
}

export function createCallerPlayer(actions: readonly Action[], clock: Clock, { press, hangUp }: Hands): CallerPlayer {
  const left = [...actions];
  let running: Running | undefined;
  let state: 'listening' | 'waiting' = 'listening';

  const later = (ms: number): void => {
    state = 'waiting';
    clock.after(ms, () => {
      state = 'listening';
      goOn();
    });
  };

  const goOn = (): void => {
    let next = left[0];
    while (next && act(next)) next = left[0];
  };

  /** Does what is next, if it is time for it; gives whether the one behind it may be done at once. */
  const act = (action: Action): boolean => {
    if (state === 'waiting' || !isTime(action)) return false;
    left.shift();
    if (action.kind === 'hears') later(Math.max(0, (running?.sound ?? 0) - before));
    if (action.kind === 'waits') later(action.ms);
    if (action.kind === 'presses') press(action.key);
    if (action.kind === 'hangsUp') {
      left.length = 0;
      hangUp();
    }
    return true;
  };

  const pressWrong = (command: Running): void => {
    const [next] = left;
    if (next?.kind !== 'presses' || !command.listens?.(next.key)) return;
    const [otherwise = '', ...more] = [...allKeys].filter((key) => key !== next.key);
    const others = [otherwise, ...more];
    press(others.find((one) => command.listens?.(one)) ?? otherwise);
  };

  const isTime = (action: Action): boolean => {
    if (action.kind === 'hears') return running?.heard?.includes(action.prompt) ?? false;
    return action.kind !== 'presses' || (running?.listens?.(action.key) ?? false);
  };

  return {
    began(command, fault) {
      running = fault === 'silence' ? undefined : command;
      if (fault === 'wrongKey') pressWrong(command);
      goOn();
    },
    ended() {
      running = undefined;
    },
    get isStuck() {
      return state === 'listening';
    },
    left() {
      const [first] = left;
      if (!first) return [];
      if (first.kind === 'hears') return [`the caller waited for "${first.prompt}", which was never heard`];
      const keys = left.flatMap((action) => (action.kind === 'presses' ? action.key : []));
      return first.kind === 'presses' ? [`the caller was to press ${keys.join('')}, and no command listened for ${first.key}`] : [];
    },
  };
}

/** What a script's world gives it that is otherwise in each run. */
export type ValueKind = 'now' | 'random' | 'uuid';

/** Gives a value of a call's world. @param real makes the one that the world would give */
export type ValueSource = <T extends number | string>(kind: ValueKind, real: () => T) => T;

interface Patched {
  Date: DateConstructor;
}

/**
 * Has Date, Math.random and randomUUID ask a source; what asked for them before is not concerned.
 * @param sourceOf gives the source of whose code runs at this moment, undefined for the world's own
 * @returns what takes it back
 */
export function patchValues(sourceOf: () => ValueSource | undefined): () => void {
  const real = { Date: globalThis.Date, random: Math.random };
  const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
  const crypto = process.getBuiltinModule('node:crypto');
  const { randomUUID } = crypto;
  const from = <T extends number | string>(kind: ValueKind, own: () => T): T => sourceOf()?.(kind, own) ?? own();
  const now = (): number => from('now', () => real.Date.now());
  const uuid = ((options?: Parameters<typeof randomUUID>[0]) => from('uuid', () => randomUUID(options))) as typeof randomUUID;
  const set = ({ Date: date }: Patched, random: () => number, ofCrypto: typeof randomUUID, ofWeb: typeof randomUUID): void => {
    globalThis.Date = date;
    Math.random = random;
    crypto.randomUUID = ofCrypto;
    globalThis.crypto.randomUUID = ofWeb;
    syncBuiltinESMExports();
  };
  const ofWeb = globalThis.crypto.randomUUID.bind(globalThis.crypto);
  set({ Date: patchedDate(real.Date, now) }, () => from('random', () => real.random.call(Math)), uuid, uuid);
  return () => set(real, real.random, randomUUID, ofWeb);
}

function patchedDate(date: DateConstructor, now: () => number): DateConstructor {
  return new Proxy(date, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made) as object,
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
}

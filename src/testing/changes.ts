import type { SimulatedChannel } from './asterisk/simulated-channel';

/** Gives, each time, what of a channel and of the database has changed since the last time, a line each. */
export function changesOf({ variables, database, goesOnAt }: SimulatedChannel): () => string[] {
  const look = (): Map<string, string> =>
    new Map([
      ...variables,
      ...[...database].map(([key, value]) => [`database ${key}`, value] as const),
      ...Object.entries(goesOnAt).map(([name, value]) => [`the dialplan's ${name}`, value] as const),
    ]);
  let before = look();
  return () => {
    const now = look();
    const changed = [...now].filter(([name, value]) => before.get(name) !== value).map(([name, value]) => `${name} = ${value}`);
    const gone = [...before.keys()].filter((name) => !now.has(name)).map((name) => `${name} is gone`);
    before = now;
    return [...changed, ...gone];
  };
}

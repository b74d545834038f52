/**
 * Counts what a function does to texts: each native operation costs as many steps as characters it may look at. Unlike a time it is the
 * same in every run.
 */
export function stepsOf(run: () => unknown): number {
  let steps = 0;
  const undo: (() => void)[] = [];
  const charge = (owner: object, name: string, cost: (self: string, args: unknown[], result: unknown) => number): void => {
    const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
    Reflect.set(owner, name, function (this: string, ...args: unknown[]) {
      const result = original.apply(this, args);
      steps += cost(this, args, result);
      return result;
    });
    undo.push(() => Reflect.set(owner, name, original));
  };
  const all = (self: string): number => self.length + 1;
  for (const name of ['split', 'replace', 'replaceAll', 'trim', 'trimEnd', 'match', 'lastIndexOf', 'includes', 'isWellFormed'])
    charge(String.prototype, name, all);
  for (const name of ['charCodeAt', 'slice', 'at', 'toUpperCase']) charge(String.prototype, name, () => 1);
  for (const name of ['startsWith', 'endsWith']) charge(String.prototype, name, (_self, [part]) => (part as string).length + 1);
  charge(
    String.prototype,
    'indexOf',
    (self, [, from = 0], found) => ((found as number) < 0 ? self.length : (found as number)) - (from as number) + 1,
  );
  // One that is bound to its place looks at little; that each looks at its text once is another test's.
  const look = (self: unknown, [text]: unknown[]): number => {
    const { source, flags, lastIndex } = self as RegExp;
    return source.startsWith('^') || flags.includes('y') ? 16 : String(text).length - (flags.includes('g') ? lastIndex : 0) + 1;
  };
  for (const name of ['exec', 'test']) charge(RegExp.prototype, name, look);
  charge(Array.prototype, 'join', (_self, _args, joined) => (joined as string).length + 1);
  for (const name of ['shift', 'unshift', 'splice']) charge(Array.prototype, name, (self) => self.length + 1);
  charge(Buffer, 'from', (_self, [text]) => (text as string).length + 1);
  try {
    run();
  } finally {
    for (const restore of undo.toReversed()) restore();
  }
  return steps;
}

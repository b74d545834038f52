/**
 * Counts what a function does to texts: each native operation costs as many steps as characters it may look at. Unlike a time it is the
 * same in every run.
 */
export function stepsOf(run: () => unknown): number {
  let steps = 0;
  const undo: (() => void)[] = [];
  type Cost = (self: string, args: unknown[], result: unknown, from: number) => number;
  const charge = (owner: object, name: string, cost: Cost): void => {
    const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
    Reflect.set(owner, name, function (this: string, ...args: unknown[]) {
      const from = (this as unknown as Partial<RegExp>).lastIndex ?? 0;
      const result = original.apply(this, args);
      steps += cost(this, args, result, from);
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
  const look: Cost = (self, [text], found, from) => {
    const { source, flags, lastIndex } = self as unknown as RegExp;
    if (source.startsWith('^') || flags.includes('y')) return 16;
    if (!flags.includes('g')) return String(text).length + 1;
    return (found ? lastIndex : String(text).length) - from + 1;
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

/** Methods that are made together, once the first of them is asked for: a call uses few of them. */
export interface MethodGroup<Self extends object> {
  readonly names: readonly string[];
  /** @param self the object whose methods they are */
  make(self: Self): object;
}

/** @param names all of them */
export function methodGroup<Self extends object, Methods extends object>(
  names: Readonly<Record<keyof Methods, true>>,
  make: (self: Self) => Methods,
): MethodGroup<Self> {
  return { names: Object.keys(names), make };
}

/**
 * A prototype whose objects have these methods. Those that were made are the object's own: they can be taken off it, and be replaced.
 * @param parent the prototype of this one
 */
export function prototypeWith<Self extends object>(groups: readonly MethodGroup<Self>[], parent: object | null = Object.prototype): object {
  const prototype = Object.create(parent) as object;
  for (const { names, make } of groups) {
    for (const name of names) {
      Object.defineProperty(prototype, name, {
        enumerable: true,
        configurable: true,
        get(this: Self) {
          const made = make(this) as Record<string, unknown>;
          // One that was replaced stays so.
          for (const each of names) if (!Object.hasOwn(this, each)) own(this, each, made[each]);
          return made[name];
        },
        set(this: Self, value: unknown) {
          own(this, name, value);
        },
      });
    }
  }
  return prototype;
}

function own(self: object, name: string, value: unknown): void {
  Object.defineProperty(self, name, { value, enumerable: true, configurable: true, writable: true });
}

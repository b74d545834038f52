/** Does something without Node's warnings of what is experimental: what we do with it is on purpose, and they would stand in the log of every call. */
export function withoutExperimental<T>(act: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return act();
  } finally {
    process.emitWarning = emitWarning;
  }
}

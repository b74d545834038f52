/** What a look at something found, a line each; a warning does not keep calls from being served. */
export interface Found {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export function problem(...problems: string[]): Found {
  return { problems, warnings: [] };
}

export function warning(...warnings: string[]): Found {
  return { problems: [], warnings };
}

export function together(...all: readonly Found[]): Found {
  return { problems: all.flatMap(({ problems }) => problems), warnings: all.flatMap(({ warnings }) => warnings) };
}

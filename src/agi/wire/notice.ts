const word = 'HANGUP';

/**
 * What is left of a line when the notices of a hangup at its beginning are taken off; undefined where it begins with none.
 * A notice is a line of its own, and some releases of Asterisk glue it to the reply that follows.
 */
export function withoutNotices(line: string): string | undefined {
  let at = 0;
  while (line.startsWith(word, at)) at += word.length;
  if (at === 0) return undefined;
  const rest = line.slice(at, at + 4);
  return rest === '' || /^\d{3}[ -]/.test(rest) ? line.slice(at) : undefined;
}

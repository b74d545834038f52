/** As many words as Asterisk has room for. */
const mostWords = 127;

/** A command line -> its words, as Asterisk takes it apart: quotes begin and end anywhere, a backslash makes the next character literal. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  const nul = line.indexOf('\0');
  const text = nul < 0 ? line : line.slice(0, nul);
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
    } else {
      if (character === '\\') at += 1;
      word = (word ?? '') + (text[at] ?? '');
    }
  }
  if (word !== undefined) words.push(word);
  return words.slice(0, mostWords);
}

/**
 * What SPEECH RECOGNIZE heard, ` endpos=N results=N score0=N text0="..." grammar0=... score1=...`, as fields. Asterisk escapes neither text nor
 * grammar: only the order of the names shows where one ends. It cuts all of them after 4,095 bytes; of what it cut there is as much as came.
 */
export function speechFields(text: string): Record<string, string> {
  const head = /^ *endpos=(\d+) results=(\d+) ?/.exec(text);
  if (!head) return {};
  const fields: Record<string, string> = { endpos: head[1] as string, results: head[2] as string };
  const most = Number(head[2]);
  let rest = text.slice(head[0].length);
  for (let n = 0; n < most && rest !== ''; n++) {
    const end = n + 1 < most ? endOfAlternative(rest, n) : rest.length;
    readAlternative(rest.slice(0, end), n, fields);
    rest = rest.slice(end);
  }
  return fields;
}

/** `score0=900 text0="..." grammar0=... `; what is missing at its end was cut off. */
function readAlternative(piece: string, n: number, fields: Record<string, string>): void {
  const score = `score${n}=`;
  const behind = endOfNumber(piece, score.length);
  const opening = ` text${n}="`;
  if (!piece.startsWith(score) || !piece.startsWith(opening, behind)) return;
  fields[`score${n}`] = piece.slice(score.length, behind);
  const from = behind + opening.length;
  const between = `" grammar${n}=`;
  const middle = piece.lastIndexOf(between);
  const isCut = middle < from;
  fields[`text${n}`] = isCut ? piece.slice(from) : piece.slice(from, middle);
  if (isCut) return;
  const grammar = piece.slice(middle + between.length);
  fields[`grammar${n}`] = grammar.endsWith(' ') ? grammar.slice(0, -1) : grammar;
}

/** Behind the blank that ends a grammar which the next alternative follows. */
function endOfAlternative(text: string, n: number): number {
  const between = `" grammar${n}=`;
  const grammar = text.indexOf(between);
  const sign = ` score${n + 1}=`;
  let at = grammar < 0 ? -1 : text.indexOf(sign, grammar + between.length);
  while (at >= 0 && !text.startsWith(` text${n + 1}="`, endOfNumber(text, at + sign.length))) at = text.indexOf(sign, at + 1);
  return at < 0 ? text.length : at + 1;
}

function endOfNumber(text: string, from: number): number {
  let end = text[from] === '-' ? from + 1 : from;
  while (end < text.length && (text[end] as string) >= '0' && (text[end] as string) <= '9') end += 1;
  return end;
}

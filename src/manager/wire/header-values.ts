/** What has headers: an event, or an answer. */
export interface Headers {
  get(name: string): string | undefined;
}

/** `NAME=value` -> its two parts. */
export function nameAndValue(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A header's text; undefined where it is missing, empty, or one of Asterisk's words for nothing. */
export function headerText(message: Headers, name: string): string | undefined {
  const value = message.get(name);
  return value === undefined || /^(?:|<unknown>|<none>|<null>|\(null\)|-none-|unknown)$/i.test(value) ? undefined : value;
}

/** A header's number; undefined where it is missing or none. */
export function numberOf(message: Headers, name: string): number | undefined {
  const text = headerText(message, name);
  const number = text === undefined ? NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** A header's number where Asterisk always sends one. */
export function countOf(message: Headers, name: string): number {
  return numberOf(message, name) ?? 0;
}

export function flagOf(message: Headers, name: string): boolean {
  return /^(?:1|yes|true|on)$/i.test(message.get(name) ?? '');
}

/** A list's entries of these events, each as what the caller wants to know. */
export async function entriesOf<Entry, Event extends Headers & { readonly name: string }>(
  list: AsyncIterable<Event>,
  names: readonly string[],
  entry: (event: Event) => Entry,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const event of list) if (names.includes(event.name)) entries.push(entry(event));
  return entries;
}

/** An action as it came. */
export interface ReceivedAction {
  readonly name: string;
  readonly id: string | undefined;
  /** Every header but the name, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** A header, however its name is capitalised. */
  get(name: string): string | undefined;
  all(name: string): string[];
}

/** A line or a message that Asterisk refuses. */
export interface Unreadable {
  readonly refused: string;
}

/** As Asterisk 22 has them. */
const longestLine = 1022;
const mostLines = 128;

/** Takes apart what a client sends, with Asterisk's limits. */
export function createActionReader(): (bytes: string) => (ReceivedAction | Unreadable)[] {
  let held = '';
  let lines: string[] = [];

  const take = (line: string): ReceivedAction | Unreadable | undefined => {
    if (line !== '') {
      lines.push(line);
      return undefined;
    }
    const message = lines;
    lines = [];
    if (message.length === 0) return undefined;
    return message.length > mostLines ? { refused: 'Too many lines in message or allocation failure' } : actionOf(message);
  };

  return (bytes) => {
    held += bytes;
    const taken: (ReceivedAction | Unreadable)[] = [];
    for (let end = held.indexOf('\r\n'); end >= 0 || held.length > longestLine; end = held.indexOf('\r\n')) {
      if (end < 0 || end > longestLine) {
        // The rest of the line is read as a message of its own.
        taken.push({ refused: 'Failed to parse message: line too long' });
        held = held.slice(longestLine + 1);
        lines = [];
        continue;
      }
      const found = take(held.slice(0, end));
      held = held.slice(end + 2);
      if (found) taken.push(found);
    }
    return taken;
  };
}

function actionOf(lines: readonly string[]): ReceivedAction | Unreadable {
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon), utf8(line.slice(colon + 1).replace(/^ +/, ''))];
  });
  const all = (name: string): string[] => pairs.filter(([own]) => own.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  const [name] = all('Action');
  if (name === undefined) return { refused: 'Missing action in request' };
  const fields = pairs.filter(([own]) => !/^action(?:id)?$/i.test(own));
  return { name, id: all('ActionID')[0], fields, all, get: (wanted) => all(wanted)[0] };
}

/** Values of headers. One that is undefined is left out, one with several values repeats. */
export type ManagerFields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A message as Asterisk writes it: bytes, its empty line included. */
export function messageOf(first: readonly [name: string, value: string], id: string | undefined, fields: ManagerFields): string {
  const lines = [`${first[0]}: ${first[1]}`];
  if (id !== undefined) lines.push(`ActionID: ${id}`);
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value as string | undefined]) {
      if (one !== undefined) lines.push(`${name}: ${one}`);
    }
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8').toString('latin1');
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

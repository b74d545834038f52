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
  readonly id: string | undefined;
}

/** As Asterisk 22 has them. */
const roomForLine = 1024;
const mostLines = 128;

/** Takes apart what a client sends, in the room that Asterisk has for it, and with its mistakes. */
export function createActionReader(): (bytes: string) => (ReceivedAction | Unreadable)[] {
  let held = '';
  let lines: string[] = [];
  let isTooLong = false;

  const take = (line: string): ReceivedAction | Unreadable | undefined => {
    if (line !== '') {
      lines.push(line);
      return undefined;
    }
    const [message, wasTooLong] = [lines, isTooLong];
    lines = [];
    isTooLong = false;
    if (message.length > mostLines) return { refused: 'Too many lines in message or allocation failure', id: idOf(message) };
    if (wasTooLong) return { refused: 'Failed to parse message: line too long', id: idOf(message) };
    return message.length === 0 ? undefined : actionOf(message);
  };

  return (bytes) => {
    const taken: (ReceivedAction | Unreadable)[] = [];
    for (const byte of bytes) {
      if (byte === '\n') {
        const found = take(held.endsWith('\r') ? held.slice(0, -1) : held);
        held = '';
        if (found) taken.push(found);
        continue;
      }
      held += byte;
      if (held.length < roomForLine) continue;
      // It forgets all but the last byte, and reads on as if a line began there.
      held = byte;
      isTooLong = true;
    }
    return taken;
  };
}

function pairsOf(lines: readonly string[]): [name: string, value: string][] {
  return lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon), utf8(line.slice(colon + 1).replace(/^ +/, ''))];
  });
}

function idOf(lines: readonly string[]): string | undefined {
  return pairsOf(lines).find(([name]) => name.toLowerCase() === 'actionid')?.[1];
}

function actionOf(lines: readonly string[]): ReceivedAction | Unreadable {
  const pairs = pairsOf(lines);
  const all = (name: string): string[] => pairs.filter(([own]) => own.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  const [name] = all('Action');
  const id = all('ActionID')[0];
  if (name === undefined) return { refused: 'Missing action in request', id };
  const fields = pairs.filter(([own]) => !/^action(?:id)?$/i.test(own));
  return { name, id, fields, all, get: (wanted) => all(wanted)[0] };
}

/** Values of headers. One that is undefined is left out, one with several values repeats. */
export type ManagerFields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A message as Asterisk writes it: bytes, its empty line included. */
export function messageOf(first: readonly [name: string, value: string], id: string | undefined, fields: ManagerFields): string {
  const lines = [`${first[0]}: ${first[1]}`];
  // Some write it last.
  if (id !== undefined && fields['ActionID'] === undefined) lines.push(`ActionID: ${id}`);
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value as string | undefined]) {
      if (one !== undefined) lines.push(`${name}: ${one}`);
    }
  }
  return bytesOf(`${lines.join('\r\n')}\r\n\r\n`);
}

/** Text -> bytes, a character each. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

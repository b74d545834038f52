import { describe, expect, it } from 'vitest';
import { createMessageReader } from '../../../src/manager/wire/message-reader';
import { Message } from '../../../src/manager/wire/message';
import { transcripts } from '../support/transcripts';

const oldCommand = [
  'Asterisk Call Manager/1.1\r\n',
  'Response: Follows\r\nPrivilege: Command\r\nActionID: 1\r\n',
  'Name: this is no header but output\nSecond line\n\nlast\n--END COMMAND--\r\n\r\n',
  'Event: Hangup\r\nChannel: SIP/1\r\n\r\n',
];

const all = Object.entries({ ...transcripts, oldCommand }).map(([name, lines]) => [name, lines.join('')] as const);

/** What a reader gives for these pieces: every header of every message. */
function read(pieces: Iterable<string>): unknown {
  const reader = createMessageReader();
  const messages: unknown[] = [];
  for (const piece of pieces) {
    for (const message of reader.push(piece)) {
      const parsed = new Message(message);
      messages.push([parsed.isResponse, parsed.headers, parsed.output]);
    }
  }
  return { version: reader.version, messages };
}

describe('the messages of a real Asterisk', () => {
  it.each(all)('%s: are the same byte by byte', (_name, bytes) => {
    expect(read(bytes)).toEqual(read([bytes]));
  });

  it.each(all)('%s: are the same wherever the bytes are cut', (_name, bytes) => {
    const whole = read([bytes]);
    for (let at = 1; at < bytes.length; at++) expect(read([bytes.slice(0, at), bytes.slice(at)]), `cut at ${at}`).toEqual(whole);
  });

  it('login: are answers and an event', () => {
    const reader = createMessageReader();
    const messages = reader.push((transcripts['login'] ?? []).join('')).map((message) => new Message(message));
    expect(reader.version).toBe('11.0.0');
    expect(messages.map((message) => (message.isResponse ? message.get('Response') : message.name))).toEqual([
      'Success',
      'Success',
      'FullyBooted',
      'SuccessfulAuth',
      'Success',
      'Goodbye',
    ]);
    expect(messages[1]?.message).toBe('Authentication accepted');
    expect(messages[4]?.get('ping')).toBe('Pong');
  });

  it('lists: an empty line too many separates nothing', () => {
    const { messages } = read([(transcripts['lists'] ?? []).join('')]) as { messages: [boolean, Record<string, string>][] };
    expect(messages.map(([, headers]) => headers['Event'] ?? headers['Response'])).toEqual([
      'Success', 'Success', 'QueueParams', 'QueueStatusComplete', 'Error', 'Success', 'PeerEntry', 'PeerlistComplete', 'Success', 'StatusComplete',
    ]); // prettier-ignore
  });
});

describe('the output of a command', () => {
  it('is read from Output lines', () => {
    const { messages } = read([(transcripts['command'] ?? []).join('')]) as { messages: [boolean, unknown, string[]][] };
    expect(messages.at(-2)?.[2]).toHaveLength(2);
    expect(messages.at(-2)?.[2][0]).toMatch(/^System uptime: /);
    expect(messages.at(-1)?.[2][0]).toMatch(/^No such command 'no such'/);
  });

  it('is read up to --END COMMAND--, empty lines and what looks like a header included', () => {
    const { messages } = read([oldCommand.join('')]) as { messages: [boolean, Record<string, string>, string[]][] };
    expect(messages).toHaveLength(2);
    expect(messages[0]?.[2]).toEqual(['Name: this is no header but output', 'Second line', '', 'last']);
    expect(messages[0]?.[1]['ActionID']).toBe('1');
  });
});

describe('hostile bytes', () => {
  const greeting = 'Asterisk Call Manager/11.0.0\r\n';

  it('a banner of something else is refused', () => {
    expect(() => createMessageReader().push('SSH-2.0-OpenSSH_9.2\r\n')).toThrow(/SSH-2\.0.*no Asterisk manager: correct server and port/);
  });

  it('a banner without an end is refused', () => {
    expect(() => createMessageReader().push('Asterisk Call Manager/'.padEnd(300, 'x'))).toThrow('no Asterisk manager');
  });

  it('a header without an end is bounded', () => {
    const reader = createMessageReader(1000);
    reader.push(`${greeting}Event: ${'x'.repeat(500)}`);
    expect(() => reader.push('x'.repeat(501))).toThrow('larger than 1000 bytes');
  });

  it('headers without an end are bounded', () => {
    const reader = createMessageReader(1000);
    reader.push(greeting);
    expect(() => {
      for (let line = 0; line < 1000; line++) reader.push(`Name${line}: value\r\n`);
    }).toThrow('larger than 1000 bytes');
  });

  it('command output without an end is bounded', () => {
    const reader = createMessageReader(1000);
    reader.push(`${greeting}Response: Follows\r\n`);
    expect(() => {
      for (let line = 0; line < 1000; line++) reader.push('output\r\n\r\n');
    }).toThrow('larger than 1000 bytes');
  });

  it('many small messages at once are no large one', () => {
    const reader = createMessageReader(1000);
    expect(reader.push(`${greeting}${'Event: A\r\n\r\n'.repeat(1000)}`)).toHaveLength(1000);
  });

  it('names of headers reach no prototype', () => {
    const message = new Message('Event: A\r\n__proto__: x\r\nconstructor: y');
    expect(Object.getPrototypeOf(message.headers)).toBeNull();
    expect(message.headers['__proto__']).toBe('x');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('bytes that are no UTF-8 lose nothing', () => {
    expect(new Message('Event: A\r\nName: \xc3\xa9\xff').get('name')).toBe('é\udcff');
  });
});

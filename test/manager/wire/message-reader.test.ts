import { describe, expect, it } from 'vitest';
import { createMessageReader } from '../../../src/manager/wire/message-reader';
import { transcripts } from '../support/transcripts';

const greeting = 'Asterisk Call Manager/11.0.0\r\n';

const oldCommand = [
  'Asterisk Call Manager/1.1\r\n',
  'Response: Follows\r\nPrivilege: Command\r\nActionID: 1\r\n',
  'Name: this is no header but output\nSecond line\n\nEvent: nor is this\n\r\n\r\nlast\n--END COMMAND--\r\n\r\n',
  'Event: Hangup\r\nChannel: SIP/1\r\n\r\n',
];

/** What was seen in the wild. */
const wild = [
  greeting,
  'Event: A\r\nX: 1\r\n\r\n\r\n',
  'Event: B\nX:no blank\nY: \n\n',
  'ActionID: 7\r\nResponse: Success\r\n\r\n',
  'Response: Error\r\nActionID: 8\r\nMessage: text\n\r\n\r\n',
  'Event: OriginateResponse\r\nResponse: Failure\r\nActionID: 9\r\n\r\n',
  'Something: else\r\n\r\n',
  'Event: C\r\nName: \xc3\xa9\xff\xfe\r\n\r\n',
  '\n\r\n\nEvent: D\r\n\r\n',
];

const all = Object.entries({ ...transcripts, oldCommand, wild }).map(([name, lines]) => [name, lines.join('')] as const);

/** What a reader gives for these pieces: every header of every message. */
function read(pieces: Iterable<string>): { version: string | undefined; messages: (readonly [string, string, unknown])[] } {
  const reader = createMessageReader();
  const messages: (readonly [string, string, unknown])[] = [];
  for (const piece of pieces)
    for (const message of reader.push(piece)) {
      const kind = message.isEvent ? 'event' : message.isResponse ? 'response' : 'neither';
      messages.push([kind, message.name, message.headers]);
    }
  expect(reader.held).toBe(0);
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

  it('login: are answers and events', () => {
    const { version, messages } = read([(transcripts['login'] ?? []).join('')]);
    expect(version).toBe('11.0.0');
    expect(messages.map(([kind, name]) => `${kind} ${name}`)).toEqual([
      'response Success', 'response Success', 'event FullyBooted', 'event SuccessfulAuth', 'response Success', 'response Goodbye',
    ]); // prettier-ignore
  });

  it('lists: an empty line too many separates nothing', () => {
    const { messages } = read([(transcripts['lists'] ?? []).join('')]);
    expect(messages.map(([, name]) => name)).toEqual([
      'Success', 'Success', 'QueueParams', 'QueueStatusComplete', 'Error', 'Success', 'PeerEntry', 'PeerlistComplete', 'Success', 'StatusComplete',
    ]); // prettier-ignore
  });

  it('a line ends at LF, what has Event is an event, and bytes that are no UTF-8 end nothing', () => {
    expect(read([wild.join('')]).messages).toEqual([
      ['event', 'A', [['Event', 'A'], ['X', '1']]],
      ['event', 'B', [['Event', 'B'], ['X', 'no blank'], ['Y', '']]],
      ['response', 'Success', [['ActionID', '7'], ['Response', 'Success']]],
      ['response', 'Error', [['Response', 'Error'], ['ActionID', '8'], ['Message', 'text']]],
      ['event', 'OriginateResponse', [['Event', 'OriginateResponse'], ['Response', 'Failure'], ['ActionID', '9']]],
      ['neither', '', [['Something', 'else']]],
      ['event', 'C', [['Event', 'C'], ['Name', 'é\udcff\udcfe']]],
      ['event', 'D', [['Event', 'D']]],
    ]); // prettier-ignore
  });
});

describe('the output of a command', () => {
  const output = (message: unknown): string[] =>
    (message as [string, string][]).filter(([name]) => name === 'Output').map(([, line]) => line);

  it('is read from Output lines', () => {
    const { messages } = read([(transcripts['command'] ?? []).join('')]);
    expect(output(messages.at(-2)?.[2])).toEqual(['System uptime: 17 minutes, 49 seconds', 'Last reload: 17 minutes, 49 seconds']);
    expect(output(messages.at(-1)?.[2])).toEqual([expect.stringMatching(/^No such command 'no such'/)]);
  });

  it('is read up to --END COMMAND--, empty lines and what looks like a header or an event included', () => {
    const { messages } = read([oldCommand.join('')]);
    expect(messages.map(([kind, name]) => `${kind} ${name}`)).toEqual(['response Follows', 'event Hangup']);
    expect(output(messages[0]?.[2])).toEqual([
      'Name: this is no header but output',
      'Second line',
      '',
      'Event: nor is this',
      '',
      '',
      'last',
    ]);
    expect(messages[0]?.[2]).toContainEqual(['ActionID', '1']);
  });
});

describe('hostile bytes', () => {
  it('a banner of something else is refused', () => {
    expect(() => createMessageReader().push('SSH-2.0-OpenSSH_9.2\r\n')).toThrow(/SSH-2\.0.*no Asterisk manager: correct server and port/);
  });

  it('a banner without an end is refused', () => {
    expect(createMessageReader().push('Asterisk Call Manager/'.padEnd(256, 'x'))).toEqual([]);
    expect(() => createMessageReader().push('Asterisk Call Manager/'.padEnd(257, 'x'))).toThrow('no Asterisk manager');
  });

  it('a header without an end is bounded', () => {
    const reader = createMessageReader(1000);
    reader.push(`${greeting}Event: ${'x'.repeat(993)}`);
    expect(reader.held).toBe(1000);
    expect(() => reader.push('x')).toThrow('larger than 1000 bytes');
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

  it('a large message in many pieces costs no more than its length', () => {
    const reader = createMessageReader();
    reader.push(`${greeting}Response: Success\r\n`);
    const line = `Output: ${'x'.repeat(100)}\r\n`;
    const since = process.cpuUsage();
    for (let count = 0; count < 100_000; count++) expect(reader.push(line)).toEqual([]);
    const [message] = reader.push('\r\n');
    expect(message?.all('Output')).toHaveLength(100_000);
    // Looking through all that is held for each piece takes minutes.
    expect(process.cpuUsage(since).user).toBeLessThan(20_000_000);
  });
});

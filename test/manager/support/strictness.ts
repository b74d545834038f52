import { connect } from 'node:net';
import { once } from 'node:events';

/** What is sent, and what comes of it: the answers' headers, but for time stamps. The same from Asterisk and from the server that plays it. */
export interface StrictRow {
  readonly what: string;
  readonly sent: string;
  readonly answers: readonly string[];
}

const ofLength = (bytes: number): string => `X: ${'x'.repeat(bytes - 'X: '.length)}`;
const action = (name: string, ...lines: string[]): string => [`Action: ${name}`, 'ActionID: a', ...lines, '', ''].join('\r\n');
const ping = (...lines: string[]): string => action('Ping', ...lines);
const pong = 'Response: Success / ActionID: a / Ping: Pong';
const refused = (message: string, id = 'a'): string => `Response: Error / ${id === '' ? '' : `ActionID: ${id} / `}Message: ${message}`;

export const strictRows: readonly StrictRow[] = [
  { what: 'a line of 1,022 bytes', sent: ping(ofLength(1022)), answers: [pong] },
  {
    what: 'a line of 1,023 bytes, which gives two answers',
    sent: ping(ofLength(1023), 'Y: 1'),
    answers: [refused('Failed to parse message: line too long'), refused('Missing action in request', '')],
  },
  { what: 'a line of 1,024 bytes', sent: ping(ofLength(1024)), answers: [refused('Failed to parse message: line too long')] },
  { what: 'a line of 3,000 bytes', sent: ping(ofLength(3000)), answers: [refused('Failed to parse message: line too long')] },
  { what: '128 lines', sent: ping(...Array<string>(126).fill('X: 1')), answers: [pong] },
  {
    what: '129 lines',
    sent: ping(...Array<string>(127).fill('X: 1')),
    answers: [refused('Too many lines in message or allocation failure')],
  },
  { what: 'lines that end with LF', sent: ping().replaceAll('\r', ''), answers: [pong] },
  { what: 'names in other capitals, and no blank', sent: 'ACTION:PING\r\nactionid:a\r\n\r\n', answers: [pong] },
  { what: 'a message without an action', sent: 'X: 1\r\nActionID: a\r\n\r\n', answers: [refused('Missing action in request')] },
  {
    what: 'an action that does not exist',
    sent: action('NoSuch'),
    answers: [refused('Invalid/unknown command: NoSuch. Use Action: ListCommands to show available commands.')],
  },
  {
    what: 'a mask with a class that does not exist, which switches events off',
    sent: action('Events', 'EventMask: calls'),
    answers: ['Response: Success / ActionID: a / Events: Off'],
  },
  {
    what: 'a mask',
    sent: action('Events', 'EventMask: system,call'),
    answers: ['Response: Success / ActionID: a / Events: On'],
  },
  {
    what: 'a filter without an operation',
    sent: action('Filter', 'Filter: x'),
    answers: [refused('Unknown operation')],
  },
  {
    what: 'a filter of nothing',
    sent: action('Filter', 'Operation: Add'),
    answers: [refused('Filter was formatted incorrectly.  Check the syntax of the filter given.')],
  },
  {
    what: 'a filter by name',
    sent: action('Filter', 'Operation: Add', 'MatchCriteria: name(Hangup)'),
    answers: ['Response: Success / ActionID: a / Message: Success'],
  },
  {
    what: 'Getvar without a variable',
    sent: action('Getvar'),
    answers: [refused('No variable specified')],
  },
  {
    what: 'Getvar of a variable that is not set',
    sent: action('Getvar', 'Variable: NOT_SET'),
    answers: ['Response: Success / ActionID: a / Variable: NOT_SET / Value: '],
  },
  {
    what: 'Setvar on a channel that is not there',
    sent: action('Setvar', 'Channel: none', 'Variable: X', 'Value: 1'),
    answers: [refused('No such channel')],
  },
  {
    what: 'Hangup of a channel that is not there',
    sent: action('Hangup', 'Channel: none'),
    answers: [refused('No such channel')],
  },
  {
    what: 'DBGet of a key that is not there',
    sent: action('DBGet', 'Family: none', 'Key: none'),
    answers: [refused('Database entry not found')],
  },
  {
    what: 'Originate without a channel',
    sent: action('Originate'),
    answers: [refused('Channel not specified')],
  },
  {
    what: 'a console command that does not exist',
    sent: action('Command', 'Command: no such'),
    answers: [
      "Response: Error / ActionID: a / Message: Command output follows / Output: No such command 'no such' (type 'core show help no such' for other possible commands)",
    ],
  },
];

/** Sends to a manager, logged in, what the row says, and gives what came of it. */
export async function answersTo(port: number, { sent }: StrictRow): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString('latin1')));
  socket.write('Action: Login\r\nUsername: phpagi\r\nSecret: phpagi\r\nEvents: off\r\nActionID: in\r\n\r\n');
  while (!text.includes('ActionID: in\r\n')) await once(socket, 'data');
  text = '';
  socket.write(`${sent}Action: Ping\r\nActionID: last\r\n\r\n`, 'latin1');
  while (!/ActionID: last\r\n[^]*\r\n\r\n$/.test(text)) await once(socket, 'data');
  socket.destroy();
  return text
    .split('\r\n\r\n')
    .map((message) =>
      message
        .split('\r\n')
        .filter((line) => line !== '' && !/^(?:Timestamp|Privilege):/.test(line))
        .join(' / '),
    )
    .filter((message) => message.startsWith('Response') && !message.includes('ActionID: last'));
}

/** Which events a manager sends behind this filter, by their names. @param raise has some events sent; the last is a UserEvent */
export async function eventsBehind(port: number, filter: string, raise: () => Promise<unknown>): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString('latin1')));
  socket.write('Action: Login\r\nUsername: phpagi\r\nSecret: phpagi\r\nActionID: in\r\n\r\n');
  for (const line of [filter, 'Filter: Event: UserEvent']) socket.write(`Action: Filter\r\nOperation: Add\r\n${line}\r\n\r\n`);
  socket.write('Action: Ping\r\nActionID: ready\r\n\r\n');
  while (!text.includes('ActionID: ready\r\n')) await once(socket, 'data');
  text = '';
  await raise();
  while (!text.includes('Event: UserEvent\r\n')) await once(socket, 'data');
  socket.destroy();
  return [...text.matchAll(/^Event: (\w+)\r$/gm)].map(([, name = '']) => name).filter((name) => name !== 'UserEvent');
}

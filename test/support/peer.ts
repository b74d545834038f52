import { connect, type Socket } from 'node:net';
import { createAsterisk, environmentOf, type AsteriskOptions } from '../../src/testing';
import { hurriedClock, virtualClock } from '../../src/testing/asterisk/clock';

/** How the other end answers a command: the lines to send, or undefined to say nothing. */
export type Answer = (command: string, peer: Peer) => string | undefined;

/** Asterisk's end of one connection, as the test wants it to be. */
export interface Peer {
  readonly socket: Socket;
  /** The commands that came, in order. */
  readonly commands: string[];
  /** Everything that came, as bytes. */
  readonly bytes: () => string;
  /** Settles when the program closed the connection. */
  readonly closed: Promise<void>;
  /** Settles when a command that matches has come. */
  seen(pattern: RegExp): Promise<string>;
}

/** One for everything that is asked for. */
const always = <T>(value: T): Record<string, T> =>
  new Proxy({}, { get: () => value, getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value }) });

/** Every sound is there, and is over at once. */
const options: AsteriskOptions = { sounds: always(0), applications: { Authenticate: () => 0 } };

/** What Asterisk answers on a channel that is new, while the caller does nothing: whatever takes its time is over at once. */
export function politeAnswer(command: string): string {
  const clock = virtualClock();
  const answers: string[] = [];
  const asterisk = createAsterisk((bytes) => answers.push(bytes), options, clock);
  asterisk.feed(`${command}\n`);
  while (answers.length === 0 && clock.skip());
  return answers.join('');
}

/** The environment that Asterisk would send for this request. @param extra further or other values */
export function environment(script: string, extra: Record<string, string> = {}): string {
  const values = Object.entries({ agi_callerid: '100', agi_dnid: '123', agi_extension: '123', ...extra });
  return environmentOf({ script, values: Object.fromEntries(values.map(([name, value]) => [name.replace(/^agi_/, ''), value])) });
}

/** Connects, sends these bytes and answers what comes. @param answer unless given, a simulated Asterisk answers, in whose time nobody waits */
export function openPeer(port: number, first: string, answer?: Answer, host = '127.0.0.1'): Peer {
  const socket = connect(port, host);
  return playOn(socket, first, answer);
}

export function playOn(socket: Socket, first: string, answer: Answer = simulated(socket)): Peer {
  const commands: string[] = [];
  const waiting: { pattern: RegExp; resolve: (command: string) => void }[] = [];
  let all = '';
  let partial = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const peer: Peer = {
    socket,
    commands,
    bytes: () => all,
    closed,
    seen(pattern) {
      const found = commands.find((command) => pattern.test(command));
      return found === undefined ? new Promise((resolve) => waiting.push({ pattern, resolve })) : Promise.resolve(found);
    },
  };
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    all += data.toString('latin1');
    const lines = (partial + data.toString('latin1')).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      commands.push(line);
      for (const { resolve } of waiting.filter(({ pattern }) => pattern.test(line))) resolve(line);
      const reply = answer(line, peer);
      if (reply !== undefined) socket.write(reply, 'latin1');
    }
  });
  if (first !== '') socket.write(first, 'latin1');
  return peer;
}

/** Says by itself what it answers. */
function simulated(socket: Socket): Answer {
  const asterisk = createAsterisk((bytes) => socket.write(bytes, 'latin1'), options, hurriedClock());
  return (command) => {
    asterisk.feed(`${command}\n`);
    return undefined;
  };
}

/** The value that the program gave a variable, or undefined. */
export function variableSet(peer: Peer, name: string): string | undefined {
  const found = peer.commands.findLast((command) => command.startsWith(`SET VARIABLE "${name}" `));
  return found?.slice(`SET VARIABLE "${name}" "`.length, -1).replace(/\\(.)/g, '$1');
}

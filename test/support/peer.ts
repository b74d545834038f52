import { connect, type Socket } from 'node:net';

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

/** What Asterisk answers when all goes well. */
export function politeAnswer(command: string): string {
  const variable = /^GET FULL VARIABLE "(.*)"$/.exec(command)?.[1];
  if (variable !== undefined) return `200 result=1 (${variable.replace(/\$\{.*\}/, '')})\n`;
  if (/^(GET VARIABLE|DATABASE GET)/.test(command)) return '200 result=0\n';
  if (/^(VERBOSE|SET VARIABLE|SET CALLERID|HANGUP|DATABASE (PUT|DEL) )/.test(command)) return '200 result=1\n';
  if (command.startsWith('CHANNEL STATUS')) return '200 result=6\n';
  return '200 result=0\n';
}

/** The environment that Asterisk would send for this request. */
export function environment(script: string, extra: Record<string, string> = {}): string {
  const values: Record<string, string> = {
    agi_network: 'yes',
    agi_network_script: script,
    agi_request: `agi://127.0.0.1/${script}`,
    agi_channel: 'PJSIP/100-00000001',
    agi_language: 'en',
    agi_type: 'PJSIP',
    agi_uniqueid: '1700000000.1',
    agi_version: '22.10.1',
    agi_callerid: '100',
    agi_calleridname: 'unknown',
    agi_callingpres: '0',
    agi_callingani2: '0',
    agi_callington: '0',
    agi_callingtns: '0',
    agi_dnid: '123',
    agi_rdnis: 'unknown',
    agi_context: 'default',
    agi_extension: '123',
    agi_priority: '1',
    agi_enhanced: '0.0',
    agi_accountcode: '',
    agi_threadid: '140000000000000',
    ...extra,
  };
  return (
    Object.entries(values)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join('') + '\n'
  );
}

/** Connects, sends these bytes and answers what comes. */
export function openPeer(port: number, first: string, answer: Answer = politeAnswer, host = '127.0.0.1'): Peer {
  const socket = connect(port, host);
  return playOn(socket, first, answer);
}

export function playOn(socket: Socket, first: string, answer: Answer): Peer {
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

/** The value that the program gave a variable, or undefined. */
export function variableSet(peer: Peer, name: string): string | undefined {
  const found = peer.commands.findLast((command) => command.startsWith(`SET VARIABLE "${name}" `));
  return found?.slice(`SET VARIABLE "${name}" "`.length, -1).replace(/\\(.)/g, '$1');
}

import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Script } from '../../src/call/agi';
import type { Host } from '../../src/call/host';
import type { CallKind } from '../../src/call/kind';
import type { FailedCall } from '../../src/call/mail/text';
import type { Outcome } from '../../src/call/outcome';
import { serveCall } from '../../src/call/serve-call';
import type { Sections } from '../../src/config/settings';
import { labelled } from '../../src/ground/log';
import type { LocatedScript } from '../../src/script/locate';
import { playOn, type Answer, type Peer } from './peer';
import { recordedLog } from './recorded-log';
import { settingsOf } from './settings';
import { connectionOf } from './socket-connection';

/** A call in the test's own process: Asterisk's end is the test's, the script a function. */
export interface HostedCall {
  readonly peer: Peer;
  /** What it came to, when all is over. */
  readonly over: Promise<Outcome | undefined>;
  /** Lines, as `info text`. */
  readonly log: readonly string[];
  readonly mails: readonly FailedCall[];
  /** What happened, in order. */
  readonly events: readonly string[];
}

export interface HostedOptions {
  readonly script?: Script | undefined;
  readonly sections?: Sections | undefined;
  readonly kind?: Partial<CallKind> | undefined;
  readonly host?: Partial<Host> | undefined;
  readonly answer?: Answer | undefined;
  /** The script's file, for one that is none of ours. */
  readonly located?: LocatedScript | undefined;
}

const nowhere: LocatedScript = { path: '/nowhere/x.js', name: 'x.js', uid: 0, gid: 0, isProgram: false };

/** @param first what Asterisk sends first */
export async function hostCall(
  first: string,
  { script = () => undefined, sections = {}, kind, host, answer, located = nowhere }: HostedOptions,
): Promise<HostedCall> {
  const mails: FailedCall[] = [];
  const events: string[] = [];
  const { log: own, lines: log } = recordedLog();
  const [socket, asterisk] = await pairOfSockets();
  const settings = settingsOf(sections);
  const whole: Host = {
    settings,
    settingsError: undefined,
    log: (label) => (label === '' ? own : labelled(own, label)),
    admit: async () => 'here',
    load: () => script,
    contain: (_call, run) => run(),
    manager: () => ({ open: () => Promise.reject(new Error('no manager here')), close: async () => void events.push('manager closed') }),
    mail: async (failed) => void mails.push(failed),
    ...host,
  };
  const connection = connectionOf(socket);
  const close = async (): Promise<void> => {
    events.push('closed');
    await connection.close();
  };
  const call = {
    kind: { network: true, nameOf: () => 'x.js', locate: () => located, ...kind },
    host: whole,
    connection: { ...connection, close },
    begun: Date.now(),
    afterwards: [],
  };
  const over = serveCall(call);
  return { peer: playOn(asterisk, first, answer), over, log, mails, events };
}

/** Two ends of one connection over loopback, the first one paused. */
export async function pairOfSockets(): Promise<[Socket, Socket]> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const other = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = await accepted;
  server.close();
  return [socket, other];
}

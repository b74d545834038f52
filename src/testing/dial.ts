import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { CallStatus } from '../ground/errors';
import { createAsteriskSide, type AsteriskSide, type PlaceCallOptions, type SimulatedRun, type Way } from './asterisk-side';

/** A call over a connection, to whatever serves it. */
export interface DialledCall {
  readonly side: AsteriskSide;
  /** Settles when the connection has ended. */
  readonly over: Promise<SimulatedRun>;
}

/** Where a call goes. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  /** `menu?topic=sales` */
  readonly script: string;
}

/** Places a call to a port. Rejects if it cannot be reached. */
export async function dial(to: Destination, options: PlaceCallOptions, live: Pick<Way, 'step' | 'isLive'> = {}): Promise<DialledCall> {
  const socket = connect(to.port, to.host);
  await once(socket, 'connect');
  socket.setNoDelay();
  return dialledOn(socket, to.script, options, live);
}

function dialledOn(socket: Socket, script: string, options: PlaceCallOptions, live: Pick<Way, 'step' | 'isLive'>): DialledCall {
  const send = (bytes: string): void => {
    if (socket.writable) socket.write(bytes, 'latin1');
  };
  const side = createAsteriskSide(options, { script, send, end: () => socket.destroy(), ...live });
  side.scriptIs('running');
  socket.setEncoding('latin1');
  socket.on('data', (bytes: string) => side.take(bytes));
  // What a program that was killed leaves behind.
  socket.on('error', () => undefined);
  send(side.environment);
  const over = once(socket, 'close').then(() => {
    side.over();
    const told = side.variables.get('FASTAGISTATUS');
    if (told === undefined) side.problem('FASTAGISTATUS is empty: nobody said what the call came to');
    return side.run({ status: (told ?? 'FAILURE') as CallStatus, error: undefined });
  });
  return { side, over };
}

import type { Socket } from 'node:net';
import { commandLine } from '../../agi/wire/command-line';

/** Why a call is not taken. */
export type RefusalReason = 'max_calls' | 'max_calls_per_peer' | 'stalled' | 'draining';

/** So long Asterisk may take to answer, in ms. */
const patience = 2000;
const lineLimit = 2047;

const words: Record<RefusalReason, (limit: number) => string> = {
  max_calls: (limit) => `${limit} calls are being served, which is max_calls`,
  max_calls_per_peer: (limit) => `${limit} calls from this Asterisk are being served, which is max_calls_per_peer`,
  stalled: () => 'no worker can take a call: each is computing, or being started',
  draining: () => 'the service is being stopped',
};

export function refusalText(reason: RefusalReason, limit: number): string {
  return words[reason](limit);
}

/**
 * Tells Asterisk that a call is not taken, on a connection of which nothing was read, and ends it. All of that is done when this returns, since
 * whoever refuses may be held up the next moment. What Asterisk sends is read on: a connection that is closed with unread bytes takes back what
 * was written.
 */
export function refuse(socket: Socket, text: string): Promise<void> {
  const commands = [
    commandLine('SET VARIABLE', ['FASTAGISTATUS', 'BUSY'], lineLimit),
    commandLine('SET VARIABLE', ['FASTAGIERROR', text], lineLimit),
    commandLine('VERBOSE', [`fastagi: refused: ${text}`, 1], lineLimit),
  ];
  const timer = setTimeout(() => socket.destroy(), patience);
  socket.on('error', () => undefined);
  socket.end(commands.join(''), 'latin1');
  socket.resume();
  return new Promise((resolve) => {
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

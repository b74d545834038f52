import type { Socket } from 'node:net';
import { commandLine } from '../../agi/wire/command-line';

/** Why a call is not taken. */
export type RefusalReason = 'max_calls' | 'max_calls_per_peer' | 'stalled';

/** So long Asterisk may take to answer, in ms. */
const patience = 2000;
const lineLimit = 2047;

const words: Record<RefusalReason, (limit: number) => string> = {
  max_calls: (limit) => `${limit} calls are being served, which is max_calls`,
  max_calls_per_peer: (limit) => `${limit} calls from this Asterisk are being served, which is max_calls_per_peer`,
  stalled: () => 'every worker is busy computing for one of its calls',
};

export function refusalText(reason: RefusalReason, limit: number): string {
  return words[reason](limit);
}

/**
 * Tells Asterisk that a call is not taken, on a connection of which nothing was read, and closes it. What Asterisk sends is read, since a
 * connection that is closed with unread bytes takes back what was written.
 */
export function refuse(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => {
    const commands = [
      commandLine('SET VARIABLE', ['FASTAGISTATUS', 'BUSY'], lineLimit),
      commandLine('SET VARIABLE', ['FASTAGIERROR', text], lineLimit),
      commandLine('VERBOSE', [`fastagi: refused: ${text}`, 1], lineLimit),
    ];
    let tail = '';
    let isRequestRead = false;
    let answers = 0;
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on('data', (bytes: Buffer) => {
      tail += bytes.latin1Slice(0, bytes.length);
      if (!isRequestRead) {
        const end = tail.indexOf('\n\n');
        if (end < 0) {
          tail = tail.slice(-1);
          return;
        }
        isRequestRead = true;
        tail = tail.slice(end + 2);
        socket.write(commands.join(''), 'latin1');
      }
      for (let end = tail.indexOf('\n'); end >= 0; end = tail.indexOf('\n')) {
        if (tail.startsWith('200') || tail.startsWith('5')) answers += 1;
        tail = tail.slice(end + 1);
      }
      if (answers >= commands.length) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
  });
}

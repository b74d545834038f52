import type { Duplex } from 'node:stream';
import { createAsterisk, type Asterisk } from './asterisk';
import { environmentOf, type CallFacts } from './environment';
import type { AsteriskOptions } from './simulated-channel';

/** Plays a call over a connection to a FastAGI server, or over the pipes of a classic AGI program. */
export function connectCall(connection: Duplex, facts: CallFacts, options: AsteriskOptions = {}): Asterisk {
  const version = facts.version ?? options.version ?? '22.10.1';
  const send = (bytes: string): void => {
    if (connection.writable) connection.write(bytes, 'latin1');
  };
  const asterisk = createAsterisk(send, { ...options, version });
  // A program that ended is no error of the call's.
  connection.on('error', () => undefined);
  connection.on('data', (bytes: Buffer) => asterisk.feed(bytes.toString('latin1')));
  send(environmentOf({ ...facts, version }));
  return asterisk;
}

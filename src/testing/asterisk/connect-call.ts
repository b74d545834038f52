import type { Duplex } from 'node:stream';
import { createAsterisk, type Asterisk } from './asterisk';
import type { Clock } from './clock';
import { environmentOf, type SimulatedRequest } from './environment';
import type { AsteriskOptions } from './simulated-channel';

/** Plays a call over a connection to a FastAGI server, or over the pipes of a classic AGI program. */
export function connectCall(connection: Duplex, facts: SimulatedRequest, options: AsteriskOptions = {}, clock?: Clock): Asterisk {
  const version = facts.version ?? options.version ?? '22.10.1';
  const send = (bytes: string): void => {
    if (connection.writable) connection.write(bytes, 'latin1');
  };
  const channel = facts.values?.['channel'] ?? options.channel ?? 'PJSIP/100-00000001';
  const uniqueid = facts.values?.['uniqueid'] ?? options.uniqueId ?? '1700000000.1';
  const asterisk = createAsterisk(send, { ...options, version, channel, uniqueId: uniqueid }, clock);
  // A program that ended is no error of the call's.
  connection.on('error', () => undefined);
  connection.on('data', (bytes: Buffer) => asterisk.feed(bytes.toString('latin1')));
  connection.on('close', () => asterisk.end());
  send(environmentOf({ ...facts, version, values: { channel, uniqueid, ...facts.values } }));
  return asterisk;
}

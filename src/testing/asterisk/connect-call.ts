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
  const { channel = options.channel, uniqueid = options.uniqueId } = facts.values ?? {};
  const named = { ...(channel !== undefined && { channel }), ...(uniqueid !== undefined && { uniqueId: uniqueid }) };
  const asterisk = createAsterisk(send, { ...options, version, ...named }, clock);
  // A program that ended is no error of the call's.
  connection.on('error', () => undefined);
  connection.on('data', (bytes: Buffer) => asterisk.feed(bytes.toString('latin1')));
  connection.on('close', () => asterisk.end());
  send(
    environmentOf({ ...facts, version, values: { ...facts.values, channel: asterisk.channel.name, uniqueid: asterisk.channel.uniqueId } }),
  );
  return asterisk;
}

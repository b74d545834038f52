import type { ManagerClient } from '../../manager/client';
import type { AsyncConnection } from './async-connection';
import type { ChannelPlace } from './found-channel';

/** Stays with the call, whatever channel it is on. */
const variable = 'FASTAGICALL';

/** Has a call's channel found again. A channel that is gone has nobody who looks for it. @see Asterisk: manager action Setvar */
export function markChannel(client: ManagerClient, { name, mark }: AsyncConnection): void {
  client.action('Setvar', { Channel: name, Variable: variable, Value: mark }).catch(() => undefined);
}

/**
 * The channel that has taken the place of a call's: a transfer does that, and gives the call another name and unique id.
 * Undefined if there is none.
 * @see Asterisk: manager action Getvar
 */
export async function successorOf(
  client: ManagerClient,
  { mark }: AsyncConnection,
  others: readonly ChannelPlace[],
): Promise<ChannelPlace | undefined> {
  for (const channel of others) {
    // oxlint-disable-next-line no-await-in-loop
    const found = await client.action('Getvar', { Channel: channel.name, Variable: variable }).catch(() => undefined);
    if (found?.get('Value') === mark) return channel;
  }
  return undefined;
}

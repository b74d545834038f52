import { encodeText } from '../../ground/text';
import type { ManagerEvent } from '../../manager/event';

/** How a channel is known. */
export interface ChannelPlace {
  /** Its unique id. */
  readonly id: string;
  readonly name: string;
}

/** A channel that runs `AGI(agi:async)`, as the list of channels has it. */
export interface FoundChannel extends ChannelPlace {
  /** The arguments of its AGI. */
  readonly args: readonly string[];
  /** What Asterisk would have sent at its beginning, as far as the list tells; a byte a character. */
  readonly environment: string;
}

const application = 'agi:async';

/** The channel that an event is about. */
export const placeOf = (event: Pick<ManagerEvent, 'get'>): ChannelPlace => ({
  id: event.get('Uniqueid') ?? '',
  name: event.get('Channel') ?? '',
});

/** @param version Asterisk's, if it is known @see Asterisk: manager event CoreShowChannel */
export function foundChannel(item: Pick<ManagerEvent, 'get'>, version = ''): FoundChannel | undefined {
  const get = (header: string): string => item.get(header) ?? '';
  const [first, ...args] = get('ApplicationData').split(',');
  if (get('Application').toUpperCase() !== 'AGI' || first?.toLowerCase() !== application) return undefined;
  const { id, name } = placeOf(item);
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['request', 'async'],
    ['channel', name],
    ['language', get('Language')],
    ['type', name.split('/', 1)[0] ?? ''],
    ['uniqueid', id],
    ['version', version],
    ['callerid', get('CallerIDNum') || 'unknown'],
    ['calleridname', get('CallerIDName') || 'unknown'],
    ['context', get('Context')],
    ['extension', get('Exten')],
    ['priority', get('Priority')],
    ['accountcode', get('AccountCode')],
    ...args.map((value, index) => [`arg_${index + 1}`, value] as const),
  ];
  return { id, name, args, environment: encodeText(facts.map(([key, value]) => `agi_${key}: ${value}`).join('\n')) };
}

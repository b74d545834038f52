import { encodeText } from '../../ground/text';
import type { ManagerEvent } from '../../manager/event';

/** A channel that runs `AGI(agi:async)`, as the list of channels has it. */
export interface FoundChannel {
  readonly id: string;
  readonly name: string;
  /** The arguments of its AGI. */
  readonly args: readonly string[];
  /** What Asterisk would have sent at its beginning, as far as the list tells; a byte a character. */
  readonly environment: string;
}

const application = 'agi:async';

/** @param version Asterisk's, if it is known @see Asterisk: manager event CoreShowChannel */
export function foundChannel(item: Pick<ManagerEvent, 'get'>, version = ''): FoundChannel | undefined {
  const get = (header: string): string => item.get(header) ?? '';
  const [first, ...args] = get('ApplicationData').split(',');
  if (get('Application').toUpperCase() !== 'AGI' || first?.toLowerCase() !== application) return undefined;
  const name = get('Channel');
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['request', 'async'],
    ['channel', name],
    ['language', get('Language')],
    ['type', name.split('/', 1)[0] ?? ''],
    ['uniqueid', get('Uniqueid')],
    ['version', version],
    ['callerid', get('CallerIDNum') || 'unknown'],
    ['calleridname', get('CallerIDName') || 'unknown'],
    ['context', get('Context')],
    ['extension', get('Exten')],
    ['priority', get('Priority')],
    ['accountcode', get('AccountCode')],
    ...args.map((value, index) => [`arg_${index + 1}`, value] as const),
  ];
  return { id: get('Uniqueid'), name, args, environment: encodeText(facts.map(([key, value]) => `agi_${key}: ${value}`).join('\n')) };
}

import { ManagerError } from '../ground/errors';
import { oneLine } from '../ground/visible';
import { permissionFor } from './wire/permissions';
import { unknownAction } from './wire/gone-actions';
import type { Message } from './wire/message';

/** Why a connection ended. */
export type EndReason =
  /** Asterisk cut it, as this process did not read. */
  | 'SLOW_READER'
  /** Asterisk closed it without a word: `manager kick session`. */
  | 'KICKED'
  | 'SHUTDOWN'
  /** Asterisk does not let the user in. */
  | 'REFUSED'
  /** The user may not do what the connection needs. */
  | 'PERMISSION'
  /** Asterisk does not answer. */
  | 'TIMEOUT'
  /** The network, or the process at the other end, is gone. */
  | 'LOST'
  /** `close()` was called. */
  | 'CLOSED';

const codes: Readonly<Record<EndReason, string>> = {
  SLOW_READER: 'FASTAGI_MANAGER_SLOW_READER',
  KICKED: 'FASTAGI_MANAGER_KICKED',
  SHUTDOWN: 'FASTAGI_MANAGER_SHUTDOWN',
  REFUSED: 'FASTAGI_MANAGER_LOGIN',
  PERMISSION: 'FASTAGI_MANAGER_PERMISSION',
  TIMEOUT: 'FASTAGI_MANAGER_TIMEOUT',
  LOST: 'FASTAGI_MANAGER_LOST',
  CLOSED: 'FASTAGI_MANAGER_CLOSED',
};

const remedies: Partial<Record<EndReason, string>> = {
  SLOW_READER: '; do less at a time in this process, or set writetimeout = 5000 in manager.conf',
  KICKED: ' (manager kick session)',
};

/** The end of a connection. */
export function lost(reason: EndReason, where: string, why: string, cause?: unknown): ManagerError {
  const message = `the connection to Asterisk's manager at ${where} has ended: ${oneLine(why)}${remedies[reason] ?? ''}`;
  return new ManagerError(codes[reason], message, { cause });
}

/** The reason of an end, from its code. */
export function reasonOf({ code }: ManagerError): EndReason {
  return (Object.keys(codes) as EndReason[]).find((reason) => codes[reason] === code) ?? 'LOST';
}

/** Whether Asterisk answered with a refusal, rather than that no answer came. */
export function isRefusal(error: unknown): error is ManagerError & { readonly reply: string } {
  return error instanceof ManagerError && error.reply !== undefined;
}

/** Whether Asterisk refused an action as the channel is not there. */
export function isNoChannel(error: unknown): boolean {
  return isRefusal(error) && /no such channel/i.test(error.reply);
}

/** What Asterisk's refusal of an action is for whoever asked for it; undefined if it did not refuse. */
export function refusal(action: string, response: Message): ManagerError | undefined {
  if (!/^error$/i.test(response.name)) return undefined;
  const reply = response.get('Message') ?? '';
  if (/unknown command/i.test(reply)) return unknownAction(action, reply);
  if (/^permission denied$|access forbidden/i.test(reply.trim())) return denied(action, reply);
  const why = oneLine(response.all('Output').join('\n')) || oneLine(reply) || 'no reason given';
  return new ManagerError('FASTAGI_MANAGER_REFUSED', `${action}: Asterisk refused it: ${why}`, { action, reply });
}

function denied(action: string, reply: string): ManagerError {
  const message = `${action}: this user of the manager may not do it: ${permissionFor(action, reply)}`;
  return new ManagerError('FASTAGI_MANAGER_PERMISSION', message, { action, reply });
}

import { ManagerError } from '../ground/errors';
import { longestTimeout, type ActionOptions } from './ask';
import { refusal } from './failures';
import type { Exchange } from './pending';
import type { Session } from './session';
import { createWaitingLine } from './waiting-line';
import type { Fields } from './wire/action-text';
import { beginsList } from './wire/list-table';
import type { Message } from './wire/message';

/**
 * The items of a list as they come, and the event that ends it. The action is sent when the first item is asked for.
 * @param options.timeout how long Asterisk may be silent in the middle of the list, in ms
 * @throws ManagerError, UsageError, the signal's reason
 */
export async function* readList(
  session: Session,
  action: string,
  fields: Fields,
  { timeout = 30_000, signal }: ActionOptions,
): AsyncGenerator<Message, Message | undefined> {
  signal?.throwIfAborted();
  const line = createWaitingLine<Message>();
  let last: Message | undefined;

  const finish = (how: () => void): true => {
    clearTimeout(timer);
    how();
    return true;
  };
  const exchange: Exchange = {
    action,
    answered(response) {
      timer.refresh();
      const error = refusal(action, response) ?? (beginsList(action, response) ? undefined : notAList(action));
      return error !== undefined && finish(() => line.fail(error));
    },
    part(event, what) {
      timer.refresh();
      if (what === 'cancelled') return finish(() => line.fail(cancelled(action)));
      if (what === 'end') last = event;
      else line.add(event);
      return what !== 'item' && finish(() => line.end());
    },
    failed: (error) => void finish(() => line.fail(error)),
  };
  const id = session.begin(fields, exchange);
  const timer = setTimeout(() => line.fail(silent(action, timeout)), Math.min(timeout, longestTimeout));
  const abort = (): void => line.fail(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    for (let item = await line.next(); item; item = await line.next()) yield item;
    return last;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    session.forget(id);
  }
}

function notAList(action: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_NO_LIST', `${action}: Asterisk answered without a list; use action() for it`, { action });
}

function cancelled(action: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_CANCELLED', `${action}: Asterisk broke the list off; what came of it is not all`, { action });
}

function silent(action: string, timeout: number): ManagerError {
  const message = `${action}: Asterisk sent nothing for ${timeout} ms, and the list has no end`;
  return new ManagerError('FASTAGI_MANAGER_TIMEOUT', message, { action });
}

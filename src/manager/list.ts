import { ManagerError } from '../ground/errors';
import type { Fields } from './wire/action-text';
import type { ManagerEvent } from './wire/message';
import { isLastOfList, longestTimeout, refusal, type ActionOptions, type Exchange, type Session } from './session';
import { createWaitingLine } from './waiting-line';

/** The entries of a list as they come, and the event that ends it. @throws ManagerError, UsageError, the signal's reason */
export async function* readList(
  session: Session,
  action: string,
  fields: Fields,
  { timeout, signal }: ActionOptions & { timeout: number },
): AsyncGenerator<ManagerEvent, ManagerEvent | undefined> {
  signal?.throwIfAborted();
  const line = createWaitingLine<ManagerEvent>();
  let last: ManagerEvent | undefined;
  let isAnswered = false;

  const exchange: Exchange = {
    action,
    answered(response) {
      timer.refresh();
      isAnswered = true;
      const error = refusal(action, response) ?? notAList(action, response.get('EventList'));
      if (error) line.fail(error);
      return error !== undefined;
    },
    event(event) {
      timer.refresh();
      if (!isLastOfList(event)) {
        line.add(event);
        return false;
      }
      last = event;
      line.end();
      return true;
    },
    failed: (error) => line.fail(error),
    isAwaited: () => !isAnswered || line.isAwaited,
    held: () => line.length,
  };
  const id = session.begin(fields, exchange);
  const timer = setTimeout(
    () => {
      // While entries wait for their reader nothing more may be read: that is no silence of Asterisk's.
      if (line.length > 0) timer.refresh();
      else
        line.fail(
          new ManagerError('FASTAGI_MANAGER_TIMEOUT', `${action}: Asterisk sent nothing for ${timeout} ms, and the list has no end`, {
            action,
          }),
        );
    },
    Math.min(timeout, longestTimeout),
  );
  const abort = (): void => line.fail(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    for (let entry = await line.next(); entry; entry = await line.next()) {
      session.breathe();
      yield entry;
    }
    return last;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    session.forget(id);
  }
}

function notAList(action: string, eventList: string | undefined): ManagerError | undefined {
  if (eventList?.toLowerCase() === 'start') return undefined;
  return new ManagerError('FASTAGI_MANAGER_NO_LIST', `${action}: Asterisk answered without a list; use action() for it`, { action });
}

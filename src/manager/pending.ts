import { type ManagerError, UsageError } from '../ground/errors';
import type { Message } from './wire/message';
import { announcesList, isItemWithoutId, partOfList } from './wire/list-table';

/** What waits for what carries one ActionID. */
export interface Exchange {
  readonly action: string;
  /** The answer. Gives whether nothing more will come. */
  answered(response: Message): boolean;
  /** An item or the end of its list. Gives whether nothing more will come. */
  part?(event: Message, what: 'item' | 'last item' | 'end' | 'cancelled'): boolean;
  failed(error: ManagerError): void;
  /** It is the oldest that has no answer: Asterisk carries actions out one after the other. */
  isNext?(): void;
}

/** The actions under way, by their ActionIDs. Knows no sockets. */
export interface Pending {
  /** @throws UsageError if this ActionID is in flight already */
  enter(id: string, exchange: Exchange): void;
  /** Gives whether the message belongs to an action, under way or given up. */
  take(message: Message): boolean;
  /** Nobody waits for it any more: what still comes of it is passed over. */
  forget(id: string): void;
  failAll(errorFor: (action: string) => ManagerError): void;
  /** Whether an action has no answer yet. */
  readonly isBusy: boolean;
  /** Whether nothing at all is expected. */
  readonly isIdle: boolean;
}

interface Entry {
  readonly exchange: Exchange;
  isAnswered: boolean;
}

export function createPending(): Pending {
  const entries = new Map<string, Entry>();
  /** Lists that nobody reads, of which items may still come, by the name of their action. */
  const passedOver = new Map<string, string>();

  const firstUnanswered = (): Entry | undefined => {
    for (const entry of entries.values()) if (!entry.isAnswered) return entry;
    return undefined;
  };

  const finish = (id: string): void => {
    entries.delete(id);
    firstUnanswered()?.exchange.isNext?.();
  };

  const answer = (id: string, response: Message): boolean => {
    const entry = entries.get(id);
    if (!entry) return passedOver.has(id);
    entry.isAnswered = true;
    if (!entry.exchange.answered(response)) firstUnanswered()?.exchange.isNext?.();
    else {
      // Whoever asked for the answer alone does not want the list that follows it.
      if (announcesList(response)) passedOver.set(id, entry.exchange.action);
      finish(id);
    }
    return true;
  };

  const takePart = (id: string, event: Message): boolean => {
    const action = passedOver.get(id);
    if (action !== undefined) {
      const what = partOfList(action, event);
      if (what !== undefined && what !== 'item') passedOver.delete(id);
      return what !== undefined;
    }
    const entry = entries.get(id);
    const part = entry?.exchange.part;
    const what = entry && part && entry.isAnswered ? partOfList(entry.exchange.action, event) : undefined;
    if (!part || what === undefined) return false;
    if (part(event, what)) finish(id);
    return true;
  };

  const takeWithoutId = (event: Message): boolean => {
    const found = [...entries.values()].find(({ exchange, isAnswered }) => isAnswered && isItemWithoutId(exchange.action, event));
    if (found) found.exchange.part?.(event, 'item');
    return found !== undefined || [...passedOver.values()].some((action) => isItemWithoutId(action, event));
  };

  return {
    enter(id, exchange) {
      if (entries.has(id) || passedOver.has(id))
        throw new UsageError(
          'FASTAGI_MANAGER_FIELD',
          `${exchange.action}: ActionID ${JSON.stringify(id)} is in flight; choose another; nothing was sent`,
        );
      entries.set(id, { exchange, isAnswered: false });
      if (firstUnanswered()?.exchange === exchange) exchange.isNext?.();
    },
    take(message) {
      const id = message.actionId;
      if (message.isResponse) return answer(id ?? '', message);
      return id === undefined ? takeWithoutId(message) : takePart(id, message);
    },
    forget(id) {
      const entry = entries.get(id);
      if (!entry) return;
      if (entry.exchange.part) passedOver.set(id, entry.exchange.action);
      finish(id);
    },
    failAll(errorFor) {
      const failed = [...entries.values()];
      entries.clear();
      passedOver.clear();
      for (const { exchange } of failed) exchange.failed(errorFor(exchange.action));
    },
    get isBusy() {
      return firstUnanswered() !== undefined;
    },
    get isIdle() {
      return entries.size === 0 && passedOver.size === 0;
    },
  };
}

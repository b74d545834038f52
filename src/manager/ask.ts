import { ManagerError } from '../ground/errors';
import { refusal } from './failures';
import type { Session } from './session';
import type { Fields } from './wire/action-text';
import type { Message } from './wire/message';

/** How long to wait for an action, and what stops the waiting. What Asterisk has begun it carries on with. */
export interface ActionOptions {
  /** How long to wait for Asterisk's answer, in ms. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Waits for a connection that is away, instead of failing at once; the time-out begins when the action is sent. */
  readonly wait?: boolean | undefined;
}

/** More than this a timer does not take, in ms. */
export const longestTimeout = 2_147_483_647;

/** Sends an action, and waits for its answer. @throws ManagerError if Asterisk refuses it as well; else as `answerTo` */
export async function ask(session: Session, action: string, fields: Fields, how: ActionOptions): Promise<Message> {
  const response = await answerTo(session, action, fields, how);
  const error = refusal(action, response);
  if (error) throw error;
  return response;
}

/**
 * Sends an action, and waits for its answer, whatever that says. The time-out of a Ping does not run while Asterisk is busy with earlier actions: it carries
 * out one at a time.
 * @throws ManagerError, UsageError for what cannot be sent, the signal's reason
 */
export function answerTo(session: Session, action: string, fields: Fields, { timeout = 30_000, signal }: ActionOptions): Promise<Message> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    const settle = (how: () => void): true => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      how();
      return true;
    };
    const giveUp = (error: unknown): void => {
      settle(() => reject(error));
      session.forget(id);
    };
    const abort = (): void => giveUp(signal?.reason);
    const startTimer = (): void => {
      timer ??= setTimeout(() => giveUp(noAnswer(action, timeout)), Math.min(timeout, longestTimeout));
    };
    const isPing = /^ping$/i.test(action);
    const id = session.begin(fields, {
      action,
      answered: (response) => settle(() => resolve(response)),
      failed: (error) => settle(() => reject(error)),
      ...(isPing && { isNext: startTimer }),
    });
    if (!isPing) startTimer();
    signal?.addEventListener('abort', abort);
  });
}

function noAnswer(action: string, timeout: number): ManagerError {
  const message = `${action}: Asterisk did not answer within ${timeout} ms; it may still carry it out`;
  return new ManagerError('FASTAGI_MANAGER_TIMEOUT', message, { action });
}

import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { ManagerError } from '../ground/errors';
import { lost } from './failures';
import { createPending, type Exchange } from './pending';
import { actionText, ownId, type Fields } from './wire/action-text';
import { createMessageReader } from './wire/message-reader';
import type { Message } from './wire/message';

/** One connection: actions out, answers by their ActionID and events in. */
export interface Session {
  /** Sends an action; gives its ActionID. @throws UsageError for what cannot be sent, ManagerError if the connection has ended */
  begin(fields: Fields, exchange: Exchange): string;
  /** Nobody waits for this any more; what still comes for it is passed over. */
  forget(id: string): void;
  /** When the last bytes came, as performance.now() has it. */
  readonly heardAt: number;
  /** Whether an action waits for its answer. */
  readonly isBusy: boolean;
  /** How many messages came that are neither an event nor an answer. */
  readonly strays: number;
  /** Why the connection ended; undefined while it has not. */
  readonly over: ManagerError | undefined;
  /** Ends the connection; what waits fails with this. */
  end(error: ManagerError): void;
}

interface Listener {
  event(event: Message): void;
  /** Is called once. */
  ended(error: ManagerError): void;
  /** Whether somebody listens at the server's port. */
  isThere(): Promise<boolean>;
}

/**
 * Reads the banner and begins.
 * @param where how messages name the server
 * @param how how long the banner may take, in ms, and what stops the waiting for it
 * @throws ManagerError if none comes; the signal's reason
 */
export async function createSession(
  socket: Socket,
  where: string,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
  listener: Listener,
): Promise<Session> {
  const reader = createMessageReader();
  const pending = createPending();
  // Nobody can foresee an ActionID, and so nobody can forge an answer.
  const prefix = randomBytes(8).toString('hex');
  let count = 0;
  let strays = 0;
  let heardAt = performance.now();
  let isShuttingDown = false;
  let hasClosed = false;
  let over: ManagerError | undefined;
  let greeted: (() => void) | undefined;

  const end = (error: ManagerError): void => {
    if (over) return;
    over = error;
    socket.destroy();
    greeted?.();
    pending.failAll((action) => inFlight(action, error));
    listener.ended(error);
  };

  const receive = (message: Message): void => {
    if (!pending.isIdle && pending.take(message)) return;
    if (!message.isEvent) {
      // An answer that comes too late is nobody's; what is neither was never an Asterisk's.
      if (!message.isResponse) strays++;
      return;
    }
    if (message.name === 'Shutdown') isShuttingDown = true;
    listener.event(message);
  };

  const read = (bytes: Buffer): void => {
    heardAt = performance.now();
    try {
      for (const message of reader.push(bytes.toString('latin1'))) if (!over) receive(message);
    } catch (error) {
      end(error as ManagerError);
      return;
    }
    if (reader.version !== undefined) greeted?.();
  };

  const closed = (cause?: Error): void => {
    if (over) return;
    if (isShuttingDown) end(lost('SHUTDOWN', where, 'Asterisk shut down', cause));
    else if (reader.version === undefined) end(lost('LOST', where, cause?.message ?? 'Asterisk closed it', cause));
    else if (!hasClosed) void endAfterLooking(cause);
  };

  /** A process that was killed closes its connections as one does that throws a client out. */
  const endAfterLooking = async (cause: Error | undefined): Promise<void> => {
    hasClosed = true;
    const isInMessage = reader.held > 0;
    if (!(await listener.isThere())) end(lost('LOST', where, `${cause?.message ?? 'Asterisk closed it'}, and nobody is there`, cause));
    // Asterisk gives up on a client that does not read in the middle of what it writes.
    else if (isInMessage)
      end(lost('SLOW_READER', where, 'Asterisk closed it in the middle of a message, as it does if a client does not read', cause));
    else if (cause) end(lost('LOST', where, cause.message, cause));
    else end(lost('KICKED', where, 'Asterisk threw this client out'));
  };

  const greeting = new Promise<void>((resolve) => (greeted = resolve));
  const timer = setTimeout(() => end(silent(where, timeout)), timeout);
  const stop = (): void => end(lost('CLOSED', where, 'stopped', signal.reason));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  socket
    .on('error', closed)
    .on('close', () => closed())
    .on('data', read);
  await greeting;
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (over) throw over;

  return {
    begin(fields, exchange) {
      const id = ownId(fields) ?? `${prefix}-${++count}`;
      const text = actionText(exchange.action, id, fields);
      if (over ?? hasClosed) throw inFlight(exchange.action, over ?? lost('LOST', where, 'Asterisk closed it'));
      pending.enter(id, exchange);
      socket.write(text, 'latin1');
      return id;
    },
    forget: (id) => pending.forget(id),
    get heardAt() {
      return heardAt;
    },
    get isBusy() {
      return pending.isBusy;
    },
    get strays() {
      return strays;
    },
    get over() {
      return over;
    },
    end,
  };
}

function inFlight(action: string, cause: ManagerError): ManagerError {
  const what = cause.code === 'FASTAGI_MANAGER_CLOSED' ? '' : '; whether Asterisk carried it out is not known, and it is not sent again';
  return new ManagerError(cause.code, `${action} has no answer: ${cause.message}${what}`, { action, cause });
}

function silent(where: string, timeout: number): ManagerError {
  const remedy = 'is the port that of TLS, or not of a manager?';
  return new ManagerError('FASTAGI_MANAGER_TIMEOUT', `${where} did not greet as Asterisk's manager does within ${timeout} ms; ${remedy}`);
}

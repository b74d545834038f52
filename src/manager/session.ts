import type { Socket } from 'node:net';
import { decodeText } from '../ground/text';
import { ManagerError } from '../ground/errors';
import { oneLine } from '../ground/visible';
import { actionText, type Fields } from './wire/action-text';
import { createMessageReader } from './wire/message-reader';
import { Message, type ManagerEvent, type ManagerResponse } from './wire/message';
import { unknownAction } from './wire/gone-actions';

/** How long to wait for an action, and what stops the waiting. What Asterisk has begun it carries on with. */
export interface ActionOptions {
  /** How long to wait for Asterisk's answer, in ms (30,000). */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What waits for answers that carry one ActionID. */
export interface Exchange {
  readonly action: string;
  /** The answer. Gives whether nothing more will come. */
  answered(response: ManagerResponse): boolean;
  /** An event with this ActionID, where the exchange takes such. Gives whether nothing more will come; undefined where it is none of its own. */
  event?(event: ManagerEvent): boolean | undefined;
  failed(error: unknown): void;
  /** Whether somebody waits for something at this moment. */
  isAwaited(): boolean;
  /** How many entries it holds for its reader. */
  held?(): number;
}

/** One connection: actions out, answers by their ActionID and events in. */
export interface Session {
  /** The manager's version, from its banner. */
  readonly version: string;
  /** Sends an action; gives its ActionID. @throws UsageError for what cannot be sent, ManagerError where the connection is lost */
  begin(fields: Fields, exchange: Exchange): string;
  /** Nobody waits for this any more; what still comes for it is passed over. */
  forget(id: string): void;
  /** Looks again whether reading has to wait for a list's reader. */
  breathe(): void;
  /** When the last bytes came, as performance.now() has it. */
  readonly heardAt: number;
  /** Whether an action waits for its answer. */
  readonly isBusy: boolean;
  /** Why the connection ended, where it did. */
  readonly lost: ManagerError | undefined;
  /** Ends the connection; what waits fails with this. */
  end(error: ManagerError): void;
}

export interface SessionEvents {
  event(event: ManagerEvent): void;
  /** Whether somebody listens to events, so that reading must not wait. */
  isListenedTo(): boolean;
  lost(error: ManagerError): void;
}

/** More than this a timer does not take, in ms. */
export const longestTimeout = 2_147_483_647;

/** A list's reader that is behind by more entries than this makes the reading wait. */
const mostHeld = 1000;

/** Reads the banner and begins. @param prefix what the ActionIDs of this session begin with */
export async function createSession(
  socket: Socket,
  prefix: string,
  where: string,
  timeout: number,
  listener: SessionEvents,
): Promise<Session> {
  const reader = createMessageReader();
  const exchanges = new Map<string, Exchange>();
  /** Lists that nobody reads any more, of which entries may still come. */
  const cancelled = new Set<string>();
  let count = 0;
  let heardAt = performance.now();
  let over: ManagerError | undefined;
  let greeted: (() => void) | undefined;

  const end = (error: ManagerError): void => {
    if (over) return;
    over = error;
    socket.destroy();
    greeted?.();
    for (const exchange of exchanges.values()) exchange.failed(inFlight(exchange.action, error));
    exchanges.clear();
    listener.lost(error);
  };

  const finish = (id: string, isDone: boolean | undefined): void => {
    if (isDone) exchanges.delete(id);
  };

  const receive = (message: Message): void => {
    const id = message.get('ActionID') ?? '';
    const exchange = exchanges.get(id);
    if (message.isResponse) return finish(id, exchange?.answered(message));
    if (cancelled.has(id)) {
      if (isLastOfList(message)) cancelled.delete(id);
      return;
    }
    const taken = exchange?.event?.(message) ?? withoutId(message, id);
    if (taken === undefined) listener.event(message);
    else finish(id, taken);
  };

  // IAXpeers leaves the ActionID out of its entries.
  const withoutId = (message: Message, id: string): boolean | undefined => {
    if (id !== '' || message.name !== 'PeerEntry') return undefined;
    return [...exchanges.values()].find(({ action }) => action.toLowerCase() === 'iaxpeers')?.event?.(message);
  };

  const breathe = (): void => {
    const waiting = [...exchanges.values()];
    const isBehind = waiting.some((exchange) => (exchange.held?.() ?? 0) > mostHeld);
    // Somebody else's answer may stand behind the entries that are not read.
    const mayWait = isBehind && !listener.isListenedTo() && !waiting.some((exchange) => exchange.isAwaited());
    if (mayWait) socket.pause();
    else if (socket.isPaused()) socket.resume();
  };

  const read = (bytes: Buffer): void => {
    heardAt = performance.now();
    try {
      for (const message of reader.push(bytes.toString('latin1'))) receive(new Message(message));
    } catch (error) {
      end(error as ManagerError);
      return;
    }
    if (reader.version !== undefined) greeted?.();
    if (exchanges.size > 0) breathe();
  };

  const greeting = new Promise<void>((resolve) => (greeted = resolve));
  const timer = setTimeout(() => end(silent(where, timeout)), timeout);
  socket
    .on('error', (cause) => end(lost(where, cause.message, cause)))
    .on('close', () => end(lost(where, 'Asterisk closed it')))
    .on('data', read);
  await greeting;
  clearTimeout(timer);
  if (over) throw over;

  return {
    version: decodeText(reader.version ?? ''),
    begin(fields, exchange) {
      const id = `${prefix}-${++count}`;
      const text = actionText(exchange.action, id, fields);
      if (over) throw inFlight(exchange.action, over);
      exchanges.set(id, exchange);
      socket.write(text, 'latin1');
      breathe();
      return id;
    },
    forget(id) {
      const exchange = exchanges.get(id);
      if (!exchange) return;
      exchanges.delete(id);
      if (exchange.event) cancelled.add(id);
      breathe();
    },
    breathe,
    get heardAt() {
      return heardAt;
    },
    get isBusy() {
      return exchanges.size > 0;
    },
    get lost() {
      return over;
    },
    end,
  };
}

/** The event that ends a list, whatever it is called. */
export function isLastOfList(event: ManagerEvent): boolean {
  return /^(?:complete|cancelled)$/i.test(event.get('EventList') ?? '');
}

/** What Asterisk's refusal of an action is for whoever asked for it; undefined where it did not refuse. */
export function refusal(action: string, response: ManagerResponse): ManagerError | undefined {
  if (!/^error$/i.test(response.get('Response') ?? '')) return undefined;
  const reply = response.message;
  if (/unknown command/i.test(reply)) return unknownAction(action, reply);
  const why = oneLine(response.output.join('\n')) || reply || 'no reason given';
  return new ManagerError('FASTAGI_MANAGER_REFUSED', `${action}: Asterisk refused it: ${why}`, { action, reply });
}

function inFlight(action: string, cause: ManagerError): ManagerError {
  const what = cause.code === 'FASTAGI_MANAGER_CLOSED' ? '' : '; whether Asterisk carried it out is not known, and it is not sent again';
  return new ManagerError(cause.code, `${action} has no answer: ${cause.message}${what}`, { action, cause });
}

function lost(where: string, why: string, cause?: unknown): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_LOST', `the connection to Asterisk's manager at ${where} is lost: ${why}`, { cause });
}

function silent(where: string, timeout: number): ManagerError {
  const remedy = 'is the port that of TLS, or not of a manager?';
  return new ManagerError('FASTAGI_MANAGER_TIMEOUT', `${where} did not greet as Asterisk's manager does within ${timeout} ms; ${remedy}`);
}

import { ManagerError } from '../ground/errors';
import { callHandler } from './call-handler';
import { answerTo, type ActionOptions } from './ask';
import { refusal } from './failures';
import type { EventHandler, EventName, ManagerEvent } from './event';
import { createEventHub } from './events';
import type { EventsOptions, EventStream } from './event-stream';
import { readList } from './lists';
import type { Session } from './session';
import { createLink, type End, type Gap, type LinkOptions } from './stay-connected';
import { checkMask } from './wire/event-classes';
import type { Fields } from './wire/action-text';
import type { Message } from './wire/message';
import { printServer } from './wire/server-address';

/** What every other method is built on. */
export interface ManagerClient {
  /**
   * Sends an action, and gives Asterisk's answer; any number may be under way. What is under way when the connection ends fails, and is
   * never sent twice. While the connection is away an action fails at once, unless it is to wait.
   * @throws ManagerError with Asterisk's message; UsageError for what cannot be sent; the signal's reason
   * @see Asterisk: `manager show commands`
   */
  action(name: string, fields?: Fields, options?: ActionOptions): Promise<Message>;
  /**
   * Sends an action that Asterisk answers by a list, and gives its items as they come; the loop may be left at any time. What the loop
   * returns is the event that ended the list.
   * @throws ManagerError, UsageError, the signal's reason
   */
  list<Name extends string = string>(
    name: string,
    fields?: Fields,
    options?: ActionOptions,
  ): AsyncGenerator<ManagerEvent<Name>, Message | undefined>;
  /** Sets which events Asterisk sends, in its own words: `on`, `off`, `call,agi`. Unless called, what handlers and loops need. */
  events(mask: string): Promise<void>;
  /**
   * Events for a `for await` loop, from now on until `close()`. A loop that takes them too slowly loses the oldest, and gets `{ dropped, from, to }`
   * in their place; as it does when the connection was away.
   */
  events<Name extends EventName>(options?: EventsOptions<Name>): EventStream<Name>;
  /**
   * Has a handler called for each event of this name, `*` for every event. One that throws is reported to the log, and ends nothing else.
   * @returns what takes the handler away again
   */
  on(name: 'ready', handler: (gap: Gap) => unknown): () => void;
  on(name: 'end', handler: (end: End) => unknown): () => void;
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void;
  /** Logs off and closes the connection, which does not come back. Loops end. */
  close(): Promise<void>;
  /** Whether actions can be sent at this moment. */
  readonly connected: boolean;
  /** Asterisk's version, `22.10.1`; undefined if the user may not ask for it (`write = reporting` in manager.conf). */
  readonly version: string | undefined;
  /** The age of the oldest event that waits for a loop, in ms. */
  readonly lag: number;
  /** How many messages were passed over that are neither an event nor an answer. */
  readonly strays: number;
}

/** What this library's own methods need besides. */
export interface ClientParts {
  readonly client: ManagerClient;
  /** Connects for the first time. */
  open(): Promise<void>;
  /** Sends an action, and gives Asterisk's answer, a refusal too. */
  answer(name: string, fields?: Fields, options?: ActionOptions): Promise<Message>;
  /** Has events told, apart from the user's handlers. @returns what takes the handler away again */
  watch(names: readonly string[], handler: EventHandler): () => void;
  /** Is called each time a connection ended, the last time included. @returns what takes the handler away again */
  onEnd(handler: (end: End) => void): () => void;
  /** Is called each time a connection is there again. */
  onReady(handler: (gap: Gap) => void): () => void;
}

export function createClient(options: LinkOptions): ClientParts {
  const { log } = options;
  const where = printServer(options.host, options.port);
  const readyHandlers = new Set<(gap: Gap) => unknown>();
  const endHandlers = new Set<(end: End) => unknown>();
  let userMask: string | undefined;

  const hub = createEventHub(log, () => void link.subscribe());
  const link = createLink(options, hub, {
    userMask: () => userMask,
    ready(gap) {
      if (gap) for (const handler of readyHandlers) callHandler(log, 'ready', () => handler(gap));
    },
    ended(end) {
      for (const handler of endHandlers) callHandler(log, 'end', () => handler(end));
    },
  });

  const enter = <Value>(handlers: Set<(value: Value) => unknown>, handler: (value: Value) => unknown): (() => void) => {
    // Each has an entry of its own, also one that is given twice.
    const own = (value: Value): unknown => handler(value);
    handlers.add(own);
    return () => void handlers.delete(own);
  };

  const sessionFor = async (action: string, { wait, signal }: ActionOptions): Promise<Session> => {
    const session = link.session ?? (wait && !link.isClosed ? await link.whenReady(signal) : undefined);
    if (session) return session;
    throw notReady(action);
  };

  const notReady = (action: string): ManagerError =>
    link.isClosed
      ? new ManagerError('FASTAGI_MANAGER_CLOSED', `${action} was not sent: this manager was closed; connect a new one`, { action })
      : new ManagerError(
          'FASTAGI_MANAGER_NOT_READY',
          `${action} was not sent: there is no connection to ${where} at this moment; { wait: true } waits for it`,
          { action },
        );

  const note = (text: string): void => log.info(`manager: ${text}`);

  /** At once if the connection is there: what is asked first is sent first. */
  const answer = async (name: string, fields: Fields = {}, how: ActionOptions = {}): Promise<Message> => {
    try {
      const response = await answerTo(link.session ?? (await sessionFor(name, how)), name, fields, how);
      note(refusal(name, response)?.message ?? `${name}: done`);
      return response;
    } catch (error) {
      note(`${name}: ${error instanceof ManagerError ? error.code : 'not sent, or given up'}`);
      throw error;
    }
  };

  const action: ManagerClient['action'] = async (name, fields, how) => {
    const response = await answer(name, fields, how);
    const error = refusal(name, response);
    if (error) throw error;
    return response;
  };

  const setMask = async (mask: string): Promise<void> => {
    checkMask(mask);
    if (!link.session) throw notReady('Events');
    userMask = mask;
    await link.subscribe();
  };

  const events = ((what?: string | EventsOptions): unknown => {
    if (typeof what !== 'string') return hub.stream(what ?? {});
    return setMask(what);
  }) as ManagerClient['events'];

  const on = ((name: string, handler: (value: never) => unknown): (() => void) => {
    if (name === 'ready') return enter(readyHandlers, handler as (gap: Gap) => unknown);
    if (name === 'end') return enter(endHandlers, handler as (end: End) => unknown);
    return hub.on(name === '*' ? undefined : [name], handler as EventHandler);
  }) as ManagerClient['on'];

  const client: ManagerClient = {
    action,
    async *list<Name extends string>(name: string, fields: Fields = {}, how: ActionOptions = {}) {
      const session = await sessionFor(name, how);
      note(`${name}: a list`);
      return yield* readList(session, name, fields, how) as unknown as AsyncGenerator<ManagerEvent<Name>, Message | undefined>;
    },
    events,
    on,
    async close() {
      await link.close();
      hub.end();
    },
    get connected() {
      return link.session !== undefined;
    },
    get version() {
      return link.version;
    },
    get lag() {
      return hub.lag;
    },
    get strays() {
      return link.strays;
    },
  };
  return {
    client,
    open: link.open,
    answer,
    watch: (names, handler) => hub.on(names, handler),
    onEnd: (handler) => enter(endHandlers, handler),
    onReady: (handler) => enter(readyHandlers, handler),
  };
}

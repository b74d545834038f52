import { setTimeout as sleep } from 'node:timers/promises';
import { createMark } from '../ground/mark';
import { ManagerError } from '../ground/errors';
import type { Log } from '../ground/log';
import type { Fields } from './wire/action-text';
import { createEventHub, type EventHandler, type EventsOptions, type EventStream } from './event-hub';
import { readList } from './list';
import { logIn, type Credentials } from './login';
import type { ManagerEvent, ManagerResponse } from './wire/message';
import { openWire, type ManagerServer } from './open-wire';
import { printServer } from './wire/server-address';
import { createSession, longestTimeout, refusal, type ActionOptions, type Session } from './session';

export interface ClientOptions extends ManagerServer, Credentials {
  /** How long connecting, and then logging in, may take, in ms. */
  readonly connectTimeout: number;
  /** How long an action may take, in ms. */
  readonly actionTimeout: number;
  /** After how long a silence Asterisk is asked whether it is there, in ms. */
  readonly keepAlive: number;
  readonly log: Log;
}

/** What every other method is built on. */
export interface ManagerClient {
  /**
   * Connects and logs in; waits where that is under way. A connection that is lost later comes back by itself: handlers and
   * loops stay, and `FullyBooted` tells of it.
   * @throws ManagerError where Asterisk cannot be reached or does not let the user in
   */
  connect(): Promise<void>;
  /**
   * Sends an action; any number may be under way.
   * @throws ManagerError with Asterisk's message, or where the connection is lost; UsageError for what cannot be sent; the signal's reason
   * @see Asterisk: `manager show commands`
   */
  action(name: string, fields?: Fields, options?: ActionOptions): Promise<ManagerResponse>;
  /**
   * Sends an action that Asterisk answers by a list, and gives its entries as they come; the loop may be left at any time.
   * @throws ManagerError, UsageError, the signal's reason
   */
  list(name: string, fields?: Fields, options?: ActionOptions): AsyncGenerator<ManagerEvent, ManagerEvent | undefined>;
  /** Sets which events Asterisk sends, in its own words: `on`, `off`, `call,agi`. Unless called, what handlers and loops need. */
  events(mask: string): Promise<void>;
  /** Events for a `for await` loop, until `close`; gaps of the connection are bridged. */
  events(options?: EventsOptions): EventStream;
  /**
   * Has a handler called for each event of this name; `*` for each that has no handler of its own.
   * @returns what takes the handler away again
   */
  on(name: string, handler: EventHandler): () => void;
  /** Logs off and closes the connection, which does not come back. Loops end. */
  close(): Promise<void>;
  /** Whether actions can be sent at this moment. */
  readonly connected: boolean;
  /** The version of the manager protocol, `11.0.0`; undefined before `connect`. */
  readonly version: string | undefined;
}

/** What this library's own methods need besides. */
export interface ClientParts {
  readonly client: ManagerClient;
  /** Has events of Asterisk's class `mask` told, apart from the user's handlers. */
  watch(mask: string, handler: EventHandler): () => void;
  /** Is called each time a connection was lost. */
  onLost(handler: () => void): void;
  /** Is called each time one is there, logged in. */
  onConnected(handler: () => void): void;
}

const firstDelay = 250;
const longestDelay = 30_000;

export function createClient(options: ClientOptions): ClientParts {
  const { log, keepAlive } = options;
  const where = printServer(options.host, options.port);
  const closing = new AbortController();
  const lostHandlers: (() => void)[] = [];
  const connectedHandlers: (() => void)[] = [];
  let session: Session | undefined;
  let version: string | undefined;
  let connecting: Promise<void> | undefined;
  /** The mask that the user set, and the one that Asterisk was told last. */
  let userMask: string | undefined;
  let toldMask = 'off';

  const mask = (): string => userMask ?? hub.mask;

  const hub = createEventHub(log, () => {
    if (session) tellMask(session).catch((error: unknown) => log.warn(`the event mask could not be set: ${(error as Error).message}`));
  });

  const tellMask = async (to: Session): Promise<void> => {
    if (mask() === toldMask) return;
    toldMask = mask();
    await ask(to, 'Events', { EventMask: toldMask }, {});
  };

  const ask = (
    to: Session,
    action: string,
    fields: Fields,
    { timeout = options.actionTimeout, signal }: ActionOptions,
  ): Promise<ManagerResponse> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const settle = (how: () => void): boolean => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        how();
        return true;
      };
      const id = to.begin(fields, {
        action,
        answered: (response) =>
          settle(() => {
            const error = refusal(action, response);
            log.info(`manager: ${error ? error.message : `${action}: done`}`);
            if (error) reject(error);
            else resolve(response);
          }),
        failed: (error) => void settle(() => reject(error)),
        isAwaited: () => true,
      });
      const giveUp = (error: unknown): void => {
        to.forget(id);
        settle(() => reject(error));
      };
      const abort = (): void => giveUp(signal?.reason);
      const timer = setTimeout(() => giveUp(noAnswer(action, timeout)), Math.min(timeout, longestTimeout));
      signal?.addEventListener('abort', abort);
    });

  const current = (action: string): Session => {
    if (session) return session;
    throw closing.signal.aborted
      ? closed(action)
      : new ManagerError('FASTAGI_MANAGER_NOT_CONNECTED', `${action} was not sent: ${gap()}`, { action });
  };

  const gap = (): string =>
    connecting ? `there is no connection to ${where} at this moment; connect() waits for it` : 'call connect() first, and wait for it';

  /** Logs in on a new connection. */
  const open = async (): Promise<void> => {
    const socket = await openWire(options, options.connectTimeout, closing.signal);
    const mine: { session?: Session } = {};
    const opened = await createSession(socket, createMark(), where, options.connectTimeout, {
      event: (event) => hub.emit(event),
      isListenedTo: () => mask() !== 'off',
      lost: (error) => {
        if (session && session === mine.session) lose(error);
      },
    });
    try {
      toldMask = mask();
      await logIn(
        (action, fields) => ask(opened, action, fields, { timeout: options.connectTimeout, signal: closing.signal }),
        options,
        where,
        toldMask,
      );
      await tellMask(opened);
      if (opened.lost) throw opened.lost;
    } catch (error) {
      opened.end(error instanceof ManagerError ? error : closed('Login'));
      throw error;
    }
    mine.session = session = opened;
    version = opened.version;
    log.info(`manager: logged in at ${where}, version ${version}`);
    for (const handler of connectedHandlers) handler();
  };

  const lose = (error: ManagerError): void => {
    session = undefined;
    for (const handler of lostHandlers) handler();
    if (closing.signal.aborted) return;
    log.warn(`${error.message}; connecting again`);
    void begin(reopen());
  };

  const reopen = async (): Promise<void> => {
    for (let delay = firstDelay; ; delay = Math.min(delay * 2, longestDelay)) {
      // Many programs lose their connections at once when Asterisk restarts: they must not come back at once too.
      await sleep(delay * (0.5 + Math.random()), undefined, { signal: closing.signal }).catch(() => closing.signal.throwIfAborted());
      try {
        return await open();
      } catch (error) {
        closing.signal.throwIfAborted();
        log.warn(`${(error as Error).message}; trying again`);
      }
    }
  };

  const begin = (attempt: Promise<void>): Promise<void> => {
    connecting = attempt.finally(() => (connecting = undefined));
    connecting.catch(() => undefined);
    return connecting;
  };

  const watchSilence = setInterval(() => {
    const silence = session ? performance.now() - session.heardAt : 0;
    // An action that takes its time ends by its own time-out.
    if (!session || silence < keepAlive || session.isBusy) return;
    ask(session, 'Ping', {}, {}).catch((error: unknown) => session?.end(dead(where, error)));
  }, keepAlive).unref();

  const events = ((what?: string | EventsOptions): unknown => {
    if (typeof what !== 'string') return hub.stream(what ?? {});
    userMask = what;
    return tellMask(current('Events'));
  }) as ManagerClient['events'];

  const client: ManagerClient = {
    async connect() {
      if (closing.signal.aborted) throw closed('connect');
      if (!session) await (connecting ?? begin(open()));
    },
    action: async (name, fields = {}, how = {}) => ask(current(name), name, fields, how),
    async *list(name, fields = {}, { timeout = options.actionTimeout, signal } = {}) {
      log.info(`manager: ${name}: a list`);
      return yield* readList(current(name), name, fields, { timeout, signal });
    },
    events,
    on: (name, handler) => hub.on(name, handler),
    async close() {
      if (closing.signal.aborted) return;
      const last = session;
      session = undefined;
      closing.abort(closed('connect'));
      clearInterval(watchSilence);
      // Asterisk may be gone; nobody waits long for a goodbye.
      await (last && ask(last, 'Logoff', {}, { timeout: 1000 }).catch(() => undefined));
      last?.end(closed('what was under way'));
      for (const handler of lostHandlers) handler();
      hub.end();
    },
    get connected() {
      return session !== undefined;
    },
    get version() {
      return version;
    },
  };
  return {
    client,
    watch: (classes, handler) => hub.watch(classes, handler),
    onLost: (handler) => void lostHandlers.push(handler),
    onConnected: (handler) => void connectedHandlers.push(handler),
  };
}

function noAnswer(action: string, timeout: number): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_TIMEOUT', `${action}: Asterisk did not answer within ${timeout} ms; it may still carry it out`, {
    action,
  });
}

function closed(what: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_CLOSED', `${what}: this manager was closed; make a new one`);
}

function dead(where: string, cause: unknown): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_LOST', `Asterisk's manager at ${where} is silent, and does not answer a Ping`, { cause });
}

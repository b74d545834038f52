import { connect as connectPlain } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagerError } from '../ground/errors';
import type { Log } from '../ground/log';
import { ask } from './ask';
import { asteriskVersion, waitForBoot } from './boot';
import { connectTo, type ManagerServer } from './connect';
import type { EventHub } from './events';
import { lost, reasonOf, type EndReason } from './failures';
import { logIn, type Credentials } from './login';
import { createSession, type Session } from './session';
import { createSubscriptions, type Subscriptions } from './subscriptions';
import type { Message } from './wire/message';
import { printServer } from './wire/server-address';

export interface LinkOptions extends ManagerServer, Credentials {
  /** How long connecting, and then logging in, may take, in ms. */
  readonly timeout: number;
  /** After how long a silence Asterisk is asked whether it is there, in ms. */
  readonly keepAlive: number;
  /** How long to wait before connecting again, in ms: at first, and after many tries. */
  readonly pauses?: { readonly first: number; readonly longest: number };
  readonly log: Log;
}

/** Why a connection ended. */
export interface End {
  readonly reason: EndReason;
  readonly error: ManagerError;
}

/** How long the connection was away. */
export interface Gap {
  readonly from: Date;
  readonly to: Date;
}

/** A connection that comes back by itself. */
export interface Link {
  /** Connects for the first time. @throws ManagerError, without trying again */
  open(): Promise<void>;
  /** The connection, logged in; undefined while it is away. */
  readonly session: Session | undefined;
  /** Settles with the next connection. @throws ManagerError if there will be none, the signal's reason */
  whenReady(signal: AbortSignal | undefined): Promise<Session>;
  /** Tells Asterisk which events are wanted now. */
  subscribe(): Promise<void>;
  readonly isClosed: boolean;
  /** Asterisk's version; undefined if the user may not ask for it. */
  readonly version: string | undefined;
  readonly strays: number;
  close(): Promise<void>;
}

interface Hooks {
  /** The mask that the user set. */
  userMask(): string | undefined;
  /** The connection is there, and events come; after the first time with how long it was away. */
  ready(gap: Gap | undefined): void;
  /** A connection ended that had been there; or Asterisk does not let the user in again. */
  ended(end: End): void;
}

const usualPauses = { first: 250, longest: 60_000 };

export function createLink(options: LinkOptions, hub: EventHub, hooks: Hooks): Link {
  const { log, keepAlive, pauses = usualPauses } = options;
  const where = printServer(options.host, options.port);
  const closing = new AbortController();
  const waiting = new Set<{ resolve(session: Session): void; reject(error: unknown): void }>();
  let session: Session | undefined;
  let subscriptions: Subscriptions | undefined;
  let version: string | undefined;
  let strays = 0;
  let awaySince: Date | undefined;
  let isReopening = false;

  /** Log-in, filters, mask, and then it is ready. */
  const open = async (): Promise<void> => {
    const how = { timeout: options.timeout, signal: closing.signal };
    const early: Message[] = [];
    let booted: (() => void) | undefined;
    const whenBooted = new Promise<void>((resolve) => (booted = resolve));
    const mine: { session?: Session } = {};
    const socket = await connectTo(options, options.timeout, closing.signal);
    const opened = await createSession(socket, where, how, {
      event(event) {
        if (event.name === 'FullyBooted') booted?.();
        if (mine.session) hub.emit(event);
        else early.push(event);
      },
      ended(error) {
        if (session && session === mine.session) lose(error);
      },
      isThere: () => isThere(options),
    });
    try {
      await logIn(opened, options, where, how);
      version = await asteriskVersion(opened, how);
      // The event comes right behind the log-in, and so before the answer to anything asked later.
      if (!early.some(({ name }) => name === 'FullyBooted')) await waitForBoot(opened, where, whenBooted, how);
      subscriptions = createSubscriptions(opened, hub, hooks.userMask, version, log);
      await subscriptions.apply();
      if (opened.over) throw opened.over;
      closing.signal.throwIfAborted();
    } catch (error) {
      opened.end(error instanceof ManagerError ? error : closed(where));
      throw error;
    }
    mine.session = session = opened;
    log.info(`manager: logged in at ${where}, Asterisk ${version ?? 'of unknown version'}`);
    const gap = awaySince && { from: awaySince, to: new Date() };
    awaySince = undefined;
    if (gap) hub.gap(gap.from, gap.to);
    for (const event of early) hub.emit(event);
    for (const one of waiting) one.resolve(opened);
    waiting.clear();
    hooks.ready(gap);
  };

  const lose = (error: ManagerError): void => {
    strays += session?.strays ?? 0;
    session = undefined;
    subscriptions = undefined;
    awaySince = new Date();
    hooks.ended({ reason: reasonOf(error), error });
    if (closing.signal.aborted) return;
    log.warn(`${error.message}; connecting again`);
    if (!isReopening) void reopen();
  };

  const isAway = (): boolean => !session && !closing.signal.aborted;

  /** Nobody waits for what may never come. It is told once, however often it is tried again. */
  const refused = (error: ManagerError, isFirst: boolean): void => {
    for (const one of waiting) one.reject(error);
    if (isFirst) hooks.ended({ reason: reasonOf(error), error });
  };

  const reopen = async (): Promise<void> => {
    isReopening = true;
    let pause = pauses.first;
    let wasRefused = false;
    while (isAway()) {
      try {
        // Many programs lose their connections at once when Asterisk restarts: they must not come back at once too.
        await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal: closing.signal });
        await open();
        pause = pauses.first;
        wasRefused = false;
      } catch (error) {
        if (closing.signal.aborted) break;
        log.warn(`${(error as Error).message}; trying again`);
        if (mayNot(error)) {
          // Whoever is refused again and again is taken for somebody who guesses.
          pause = pauses.longest;
          refused(error, !wasRefused);
          wasRefused = true;
        } else pause = Math.min(pause * 2, pauses.longest);
      }
    }
    isReopening = false;
  };

  const watchSilence = setInterval(() => {
    const silent = session;
    // An action that takes its time ends by its own time-out.
    if (!silent || silent.isBusy || performance.now() - silent.heardAt < keepAlive) return;
    ask(silent, 'Ping', {}, { timeout: options.timeout }).catch((error: unknown) => {
      silent.end(lost('TIMEOUT', where, 'Asterisk is silent, and does not answer a Ping', error));
    });
  }, keepAlive).unref();

  return {
    open,
    get session() {
      return session;
    },
    async whenReady(signal) {
      signal?.throwIfAborted();
      if (session) return session;
      if (closing.signal.aborted) throw closed(where);
      return new Promise((resolve, reject) => {
        const settle = (how: () => void): void => {
          waiting.delete(one);
          signal?.removeEventListener('abort', abort);
          how();
        };
        const one = {
          resolve: (ready: Session) => settle(() => resolve(ready)),
          reject: (error: unknown) => settle(() => reject(error)),
        };
        const abort = (): void => one.reject(signal?.reason);
        waiting.add(one);
        signal?.addEventListener('abort', abort);
      });
    },
    async subscribe() {
      await subscriptions?.apply();
    },
    get isClosed() {
      return closing.signal.aborted;
    },
    get version() {
      return version;
    },
    get strays() {
      return strays + (session?.strays ?? 0);
    },
    async close() {
      if (closing.signal.aborted) return;
      const last = session;
      session = undefined;
      closing.abort(closed(where));
      clearInterval(watchSilence);
      for (const one of waiting) one.reject(closed(where));
      // Asterisk may be gone; nobody waits long for a goodbye.
      await (last && ask(last, 'Logoff', {}, { timeout: 1000 }).catch(() => undefined));
      last?.end(closed(where));
      if (last) log.info('manager: Logoff: done');
      if (last) hooks.ended({ reason: 'CLOSED', error: closed(where) });
    },
  };
}

/** Whether somebody listens there: within a second, as nobody waits for it for long. */
function isThere({ host, port }: ManagerServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host, port, timeout: 1000 });
    const settle = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket
      .once('connect', () => settle(true))
      .once('error', () => settle(false))
      .once('timeout', () => settle(false));
  });
}

/** Whether Asterisk does not let the user in, or do what a connection needs. */
function mayNot(error: unknown): error is ManagerError {
  return error instanceof ManagerError && ['REFUSED', 'PERMISSION'].includes(reasonOf(error));
}

function closed(where: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_CLOSED', `the manager at ${where} was closed; connect a new one`);
}

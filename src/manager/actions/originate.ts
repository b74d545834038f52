import { randomBytes } from 'node:crypto';
import { ManagerError } from '../../ground/errors';
import type { ClientParts } from '../client';
import { isNoChannel } from '../failures';
import type { Fields, Variables } from '../wire/action-text';
import { numberOf } from '../wire/header-values';
import { targetFields, type DialplanTarget } from './channels';

/** Whom to call, and what to do with whoever answers: `context`, `extension` and `priority`, or `application` and `data`. */
export interface OriginateOptions extends Partial<DialplanTarget> {
  /** Whom to call: `PJSIP/100`, `Local/123@default`. */
  readonly channel: string;
  /** The application that whoever answers gets. */
  readonly application?: string | undefined;
  /** The application's options, as the dialplan writes them. */
  readonly data?: string | undefined;
  /** How long it may ring, in ms (30,000). */
  readonly timeout?: number | undefined;
  /** Who seems to call: `"Name" <number>`. */
  readonly callerId?: string | undefined;
  /** Variables that the new channel has, each to the byte; `__name` are inherited by the channels that it calls. */
  readonly variables?: Variables | undefined;
  readonly account?: string | undefined;
  /** Goes on at early media, before the call is answered. */
  readonly earlyMedia?: boolean | undefined;
  /** `alaw,ulaw`. */
  readonly codecs?: string | undefined;
  /** What the new channel's unique id shall be; one that nobody has unless given. */
  readonly channelId?: string | undefined;
  /** Hangs up what rings; a call that is answered goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Why a channel was hung up. */
export interface HangupCause {
  /** As Q.850 numbers it: 16 for an ordinary end, 17 busy, 19 no answer; 0 if Asterisk names none. */
  readonly cause: number;
  /** In Asterisk's words. */
  readonly text: string;
}

export interface OriginateResult {
  readonly outcome: 'answered' | 'busy' | 'noAnswer' | 'congestion' | 'failed';
  /** The new channel's unique id; known also if there never was one. */
  readonly uniqueid: string;
  /** The new channel's name; undefined if the call was not answered. */
  readonly channel: string | undefined;
  /** Why it was hung up, as Q.850 numbers it; undefined while it is up, and if there never was one. */
  readonly cause: number | undefined;
  /**
   * Settles when the new channel is hung up; undefined if there never was one. Rejects with ManagerError if the connection to the manager ends
   * before. Nobody has to wait for it.
   */
  readonly ended: Promise<HangupCause | undefined>;
}

export interface Originate {
  /**
   * Calls somebody, waits until the call is answered or is not, and says which. An unanswered call is no error.
   * @throws ManagerError if Asterisk refuses it, or the connection ends; UsageError; the signal's reason, when what rang is hung up
   * @see Asterisk: manager action Originate, manager event OriginateResponse
   */
  originate(options: OriginateOptions): Promise<OriginateResult>;
}

/** As Asterisk's event numbers them. */
const outcomes: Readonly<Record<number, OriginateResult['outcome']>> = { 3: 'noAnswer', 4: 'answered', 5: 'busy', 8: 'congestion' };

/** How much later than the call's own time-out its end may be told, in ms. */
const slack = 10_000;

/** In ms: so often it is tried to hang up what is not there yet, and so many times. */
const [tryPause, mostTries] = [50, 40];

/** One call under way: what is known of it so far. */
interface Call {
  readonly id: string;
  readonly actionId: string;
  /** Settles with what OriginateResponse says. */
  readonly told: Promise<{ outcome: OriginateResult['outcome']; channel: string | undefined }>;
  readonly hungUp: Promise<HangupCause | undefined>;
  /** Why it was hung up, as soon as it was. */
  readonly cause: () => number | undefined;
  /** Whether there may be a channel, now or later. */
  mayCome(): boolean;
  fail(error: unknown): void;
  /** There never was a channel, or it is no more. */
  over(): void;
}

export function originateAction(parts: ClientParts): Originate {
  const { action } = parts.client;

  const originate = async ({ timeout = 30_000, signal, ...options }: OriginateOptions): Promise<OriginateResult> => {
    signal?.throwIfAborted();
    const call = watchCall(parts, options.channelId);
    let stopping: Promise<void> | undefined;
    const abort = (): void => {
      stopping = hangUp(call).finally(() => call.fail(signal?.reason));
    };
    const timer = setTimeout(() => call.fail(untold()), timeout + slack);
    try {
      const fields = {
        ...fieldsOf(options),
        Timeout: timeout,
        Async: true,
        ChannelId: call.id,
        OtherChannelId: `${call.id}-2`,
        ActionID: call.actionId,
      };
      await action('Originate', fields);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
      const { outcome, channel } = await call.told;
      await stopping;
      signal?.throwIfAborted();
      if (outcome !== 'answered') call.over();
      return { outcome, uniqueid: call.id, channel, cause: call.cause(), ended: call.hungUp };
    } catch (error) {
      call.fail(error);
      call.over();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  };

  /** Asterisk makes the channel some time after it has taken the action; until then there is nothing to hang up. */
  const hangUp = async (call: Call): Promise<void> => {
    for (let tries = 0; tries < mostTries && call.mayCome(); tries++) {
      try {
        // What rings has no name yet that is known here; its unique id serves as one.
        // oxlint-disable-next-line no-await-in-loop
        await action('Hangup', { Channel: call.id });
        return;
      } catch (error) {
        if (!isNoChannel(error)) return;
      }
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, tryPause));
    }
  };
  return { originate };
}

/** From before it is made: a call can fail at once. */
function watchCall({ watch, onEnd }: ClientParts, channelId: string | undefined): Call {
  const id = channelId ?? `fastagi-${randomBytes(8).toString('hex')}`;
  const actionId = `originate-${randomBytes(8).toString('hex')}`;
  const told = deferred<{ outcome: OriginateResult['outcome']; channel: string | undefined }>();
  const hungUp = deferred<HangupCause | undefined>();
  let isTold = false;
  let isFailed = false;
  let why: HangupCause | undefined;
  const stop = (): void => {
    unwatch();
    forgetEnd();
  };
  const unwatch = watch(['OriginateResponse', 'Hangup'], (event) => {
    // A failure's event has no unique id, and others' calls have none of ours.
    if (event.name === 'OriginateResponse' && event.get('ActionID') === actionId) {
      const isAnswered = /^success$/i.test(event.get('Response') ?? '');
      const outcome = outcomes[numberOf(event, 'Reason') ?? 0] ?? 'failed';
      isTold = true;
      isFailed = !isAnswered;
      // Of a call that was not answered, the hangup is told first.
      if (why) stop();
      told.resolve({
        outcome: isAnswered ? 'answered' : outcome === 'answered' ? 'failed' : outcome,
        channel: isAnswered ? event.get('Channel') : undefined,
      });
    }
    if (event.name === 'Hangup' && event.get('Uniqueid') === id) {
      why = { cause: numberOf(event, 'Cause') ?? 0, text: event.get('Cause-txt') ?? '' };
      hungUp.resolve(why);
      if (isTold) stop();
    }
  });
  const forgetEnd = onEnd(({ error }) => {
    told.reject(error);
    hungUp.reject(error);
    stop();
  });
  return {
    id,
    actionId,
    told: told.promise,
    hungUp: hungUp.promise,
    cause: () => why?.cause,
    mayCome: () => !why && !isFailed,
    fail: (error) => told.reject(error),
    over() {
      hungUp.resolve(undefined);
      stop();
    },
  };
}

/** A promise that others settle; nobody has to look at it. */
function deferred<Value>(): { promise: Promise<Value>; resolve(value: Value): void; reject(error: unknown): void } {
  let settle: { resolve(value: Value): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<Value>((resolve, reject) => (settle = { resolve, reject }));
  promise.catch(() => undefined);
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}

function fieldsOf(options: Omit<OriginateOptions, 'timeout' | 'signal'>): Fields {
  const { channel, context, extension = 's', priority, application, data, callerId, variables, account, earlyMedia, codecs } = options;
  return {
    Channel: channel,
    ...(context !== undefined && targetFields({ context, extension, priority })),
    Application: application,
    Data: data,
    CallerID: callerId,
    Account: account,
    EarlyMedia: earlyMedia,
    Codecs: codecs,
    variables,
  };
}

function untold(): ManagerError {
  const why = 'nothing came of it; the user needs read = call in manager.conf';
  return new ManagerError('FASTAGI_MANAGER_UNTOLD', `Originate: what became of the call is not known: ${why}`, { action: 'Originate' });
}

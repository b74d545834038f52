import { textOf } from '../../ground/argument';
import { escapeElement } from '../../ground/element';
import { ManagerError } from '../../ground/errors';
import { placeFields, type DialplanPlace } from './channels';
import type { ClientParts } from '../client';
import { numberOf, headerText } from '../wire/header-values';
import type { ManagerEvent } from '../wire/message';
import { createWaitingLine } from '../waiting-line';

/** Whom to call, and what to do with whoever answers. */
export interface OriginateOptions {
  /** Whom to call: `PJSIP/100`, `Local/123@default`. */
  readonly channel: string;
  /** Where in the dialplan whoever answers goes; or `application`. */
  readonly place?: DialplanPlace | undefined;
  /** The application that whoever answers gets; or `place`. */
  readonly application?: string | undefined;
  /** The application's options, as the dialplan writes them. */
  readonly data?: string | undefined;
  /** How long it may ring, in ms (30,000). */
  readonly timeout?: number | undefined;
  /** Who seems to call: `"Name" <number>`. */
  readonly callerId?: string | undefined;
  /** Variables that the new channel has; `__name` are inherited by the channels that it calls. */
  readonly variables?: Readonly<Record<string, string | number>> | undefined;
  readonly account?: string | undefined;
  /** Goes on at early media, before the call is answered. */
  readonly earlyMedia?: boolean | undefined;
  /** `alaw,ulaw`. */
  readonly codecs?: string | undefined;
  /** What the new channel's unique id shall be. */
  readonly channelId?: string | undefined;
  /** Comes back as soon as Asterisk has the call, without waiting for its answer. */
  readonly async?: boolean | undefined;
  /** Stops the waiting; the call goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface OriginateResult {
  readonly answered: boolean;
  /** How it ended; `queued` where nobody waited for it. */
  readonly reason: 'answered' | 'busy' | 'noAnswer' | 'congestion' | 'hangup' | 'failed' | 'queued';
  /** The new channel; undefined where there never was one, or nobody waited. */
  readonly channel: string | undefined;
  readonly uniqueId: string | undefined;
}

export interface Originate {
  /**
   * Calls somebody, waits until the call is answered or is not, and says which. An unanswered call is no error.
   * @throws ManagerError where Asterisk refuses it, or tells nothing of it
   * @see Asterisk: manager action Originate, manager event OriginateResponse
   */
  originate(options: OriginateOptions): Promise<OriginateResult>;
}

/** As Asterisk's event numbers them. */
const reasons: Readonly<Record<number, OriginateResult['reason']>> = {
  1: 'hangup',
  3: 'noAnswer',
  4: 'answered',
  5: 'busy',
  8: 'congestion',
};

/** How much later than the call's own time-out its end may be told, in ms. */
const slack = 10_000;

export function originateAction({ client, watch, onLost }: ClientParts): Originate {
  const waiting = new Set<(error: unknown) => void>();
  onLost(() => {
    for (const fail of waiting) fail(untold('the connection to the manager is lost'));
  });

  const call = async (options: OriginateOptions, timeout: number): Promise<string> => {
    const response = await client.action('Originate', { ...fieldsOf(options), Timeout: timeout, Async: true }, { signal: options.signal });
    return response.get('ActionID') ?? '';
  };

  const callAndWait = async (options: OriginateOptions, timeout: number): Promise<OriginateResult> => {
    const { signal } = options;
    const responses = createWaitingLine<ManagerEvent>();
    // The events have to be on before the action is sent, as a call can fail at once.
    const unwatch = watch('call', (event) => {
      if (event.name === 'OriginateResponse') responses.add(event);
    });
    const abort = (): void => responses.fail(signal?.reason);
    const late = (): void => responses.fail(untold('nothing came of it; the user needs read=call in manager.conf'));
    const timer = setTimeout(late, timeout + slack);
    waiting.add(responses.fail);
    signal?.addEventListener('abort', abort);
    try {
      const id = await call(options, timeout);
      for (let event = await responses.next(); event; event = await responses.next()) {
        if (event.get('ActionID') === id) return resultOf(event);
      }
      throw untold('the connection to the manager is closed');
    } finally {
      unwatch();
      clearTimeout(timer);
      waiting.delete(responses.fail);
      signal?.removeEventListener('abort', abort);
    }
  };

  return {
    async originate({ timeout = 30_000, async: isAsync = false, ...options }) {
      options.signal?.throwIfAborted();
      if (!isAsync) return callAndWait(options, timeout);
      await call(options, timeout);
      return { answered: false, reason: 'queued', channel: undefined, uniqueId: undefined };
    },
  };
}

function fieldsOf(options: OriginateOptions): Record<string, string | number | boolean | undefined | string[]> {
  const { channel, place, application, data, callerId, variables = {}, account, earlyMedia, codecs, channelId } = options;
  return {
    Channel: channel,
    ...(place && placeFields(place)),
    Application: application,
    Data: data,
    CallerID: callerId,
    // Asterisk takes several variables out of one line, split as an application's options are.
    Variable: Object.entries(variables).map(([name, value]) => `${name}=${escapeElement(textOf(value, 'originate', `variable ${name}`))}`),
    Account: account,
    EarlyMedia: earlyMedia,
    Codecs: codecs,
    ChannelId: channelId,
  };
}

function resultOf(event: ManagerEvent): OriginateResult {
  const answered = /^success$/i.test(event.get('Response') ?? '');
  const reason = reasons[numberOf(event, 'Reason') ?? 0] ?? 'failed';
  return {
    answered,
    reason: answered ? 'answered' : reason === 'answered' ? 'failed' : reason,
    channel: headerText(event, 'Channel'),
    uniqueId: headerText(event, 'Uniqueid'),
  };
}

function untold(why: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_UNTOLD', `Originate: what became of the call is not known: ${why}`, { action: 'Originate' });
}

import { HangupError, SessionEndedError } from '../ground/errors';
import { createDeadline } from './answer-deadline';
import { awaitingOf, hangsUp, mayBeFollowed, mustAnswerSoon, noAnswer, released, saysHangup } from './channel-rules';
import type { Channel, ChannelWatcher, Command, Wire } from './channel-types';
import { traitsOf } from './wire/command-table';
import { probeAnswer, probeLine } from './wire/mark';
import { createMark } from '../ground/mark';
import { createRefusals } from './refusals';
import { listen, pendingOf, type Pending } from './pending';
import { probedReply } from './wire/probed-reply';
import { valueReply, type Reply } from './wire/reply';
import { createReplyReader, type Arrival } from './wire/reply-reader';

export type { Channel, Wire } from './channel-types';

/**
 * In ms: Asterisk reads through a buffer, and does not see a line that lay in it when a command began, until more bytes come. So soon behind a
 * command another probe follows, and then later and later.
 */
const [firstWake, lastWake] = [50, 8000];
/** Likewise where something else stops it: it may not have begun when that came, and what waits for keys behind a sound is stopped on its own. */
const firstStop = 250;

/** So long a reply of several lines may stay without its last one, in ms, before a probe is sent. */
const longestBlock = 1000;

/**
 * Plays AGI over a wire: the commands' queue, their replies, hangup.
 * @param names what Asterisk knows this channel by, its name and its unique id
 */
export function createChannel(wire: Wire, watcher: ChannelWatcher = {}, names: readonly (string | undefined)[] = []): Channel {
  const replies = createReplyReader();
  const refusals = createRefusals();
  const queue: Pending[] = [];
  /** Sent, and not answered: the first is what Asterisk answers next. */
  const sent: Pending[] = [];
  let life: 'open' | 'failed' | 'recovering' | 'released' | 'givenBack' | 'ended' = 'open';
  let failure: Error | undefined;
  let hungUp = false;
  let hungUpHere = false;
  let controller: AbortController | undefined;
  const deadline = createDeadline(() => {
    if (sent[0]) fail(noAnswer(sent[0].command.words));
  });
  let whenIdle: (() => void)[] = [];

  const isOver = (): boolean => life === 'ended' || life === 'givenBack' || life === 'released';

  const gone = (words: string): Error => {
    if (life === 'givenBack') return new SessionEndedError(words);
    return new HangupError(isOver() ? `the connection ended, ${words} has no answer` : `the caller hung up, ${words} was not carried out`);
  };

  const hangUp = (): void => {
    if (hungUp || life === 'released') return;
    hungUp = true;
    controller?.abort(new HangupError('the caller hung up'));
    watcher.hungUp?.();
  };

  const startNext = (): void => {
    for (let next = queue[0]; next; next = queue[0]) {
      if (sent.length > 0 && !mayFollow(next)) return;
      queue.shift();
      next.stopListening();
      const refused = refusal(next.command);
      if (refused) {
        const { reject } = next;
        refusals.delay(() => reject(refused));
        continue;
      }
      start(next);
    }
    if (sent.length > 0) return;
    for (const told of whenIdle) told();
    whenIdle = [];
  };

  const mayFollow = (next: Pending): boolean => {
    const last = sent.at(-1);
    return wire.isQueue === true && !next.command.signal && last !== undefined && mayBeFollowed(last.command);
  };

  const start = (next: Pending): void => {
    sent.push(next);
    listen(next, () => interrupt(next));
    refusals.end();
    write(next, next.command.line, traitsOf(next.command.words).answersAtOnce);
  };

  const write = (pending: Pending, line: string, answersAtOnce: boolean): void => {
    wire.write(line, answersAtOnce, pending.command.isSecret);
    if (answersAtOnce && mustAnswerSoon(pending.command)) deadline.begin();
    else deadline.end();
  };

  const refusal = (command: Command): unknown => {
    if (life === 'released') return released(command.words);
    if (failure && life !== 'recovering') return failure;
    if (isOver() || (hungUp && !traitsOf(command.words).onDeadChannel)) return gone(command.words);
    return command.signal?.aborted ? command.signal.reason : undefined;
  };

  const probe = (pending: Pending, isValue: boolean): void => {
    const mark = createMark();
    pending.awaiting = { kind: 'probe', mark, isValue };
    write(pending, probeLine(mark), true);
  };

  const interrupt = (pending: Pending): void => {
    if (pending !== sent[0] || pending.awaiting.kind === 'probe') return;
    pending.interrupted = true;
    wire.interrupt?.(pending.command.words).then(() => pending.reject(pending.command.signal?.reason), pending.reject);
    probe(pending, false);
    wake(pending, wire.interrupt ? firstStop : firstWake);
  };

  const wake = (pending: Pending, after: number): void => {
    setTimeout(() => {
      if (pending !== sent[0] || pending.awaiting.kind !== 'probe') return;
      if (wire.interrupt) wire.interrupt(pending.command.words).catch(() => undefined);
      else {
        pending.early.push(probeAnswer(pending.awaiting.mark));
        probe(pending, false);
      }
      if (after < lastWake) wake(pending, 2 * after);
    }, after).unref();
  };

  /** Nothing more is awaited for it. */
  const leave = (pending: Pending): void => {
    sent.shift();
    const next = sent[0];
    if (next && mustAnswerSoon(next.command)) deadline.begin();
    else deadline.end();
    pending.stopListening();
  };

  const settle = (pending: Pending, reply: Reply | undefined): void => {
    leave(pending);
    if (reply && saysHangup(pending.command, reply)) hangUp();
    if (hangsUp(pending.command, names) && reply?.result === '1' && !hungUp) {
      // Asterisk's notice of it comes sooner or later.
      hungUpHere = true;
      hangUp();
    }
    if (pending.interrupted && (!reply || wire.interrupt)) pending.reject(pending.command.signal?.reason);
    else if (reply?.code === 511) pending.reject(gone(pending.command.words));
    // Only a probe that follows no command has no reply before it.
    else pending.resolve(reply ?? valueReply(''));
    startNext();
  };

  const arrived = (pending: Pending, arrival: Arrival): void => {
    if (arrival.kind === 'begun') return probe(pending, true);
    if (arrival.kind === 'probed') return settle(pending, pending.reply ?? probedReply(pending, arrival.before));
    if (arrival.kind !== 'reply') return;
    if (pending.command.words === 'EXEC' && arrival.reply.code === 200 && arrival.reply.result === '1') {
      // Asterisk may add a 520 block to this very result: the probe sweeps it up.
      pending.reply = arrival.reply;
      return probe(pending, false);
    }
    settle(pending, arrival.reply);
  };

  const pump = (): void => {
    for (;;) {
      const arrival = replies.next(sent[0]?.awaiting ?? { kind: 'reply' });
      if (!arrival) break;
      if (arrival.kind === 'hangup' || (arrival.kind === 'probed' && arrival.hungUp)) hangUp();
      if (arrival.kind !== 'hangup' && sent[0]) arrived(sent[0], arrival);
    }
    const pending = sent[0];
    if (!pending || pending.isWatched || pending.awaiting.kind === 'probe' || !replies.isBlockOpen) return;
    pending.isWatched = true;
    setTimeout(() => {
      if (pending === sent[0] && pending.awaiting.kind !== 'probe' && replies.isBlockOpen) probe(pending, false);
    }, longestBlock).unref();
  };

  const rejectAll = (errorFor: (words: string) => Error): void => {
    const left = [...sent.splice(0), ...queue.splice(0)];
    deadline.end();
    for (const pending of left) {
      pending.stopListening();
      pending.reject(errorFor(pending.command.words));
    }
    startNext();
  };

  const fail = (error: Error): void => {
    if (isOver() || life === 'failed') return;
    life = 'failed';
    failure ??= error;
    rejectAll(() => error);
    controller?.abort(error);
    watcher.failed?.(error);
  };

  const refuse = (error: unknown): Promise<never> => new Promise((_, reject) => refusals.delay(() => reject(error)));

  const send = (command: Command, awaiting = awaitingOf(command)): Promise<Reply> => {
    if (command.signal?.aborted) return refuse(command.signal.reason);
    return new Promise((resolve, reject) => {
      const pending = pendingOf(command, awaiting, { resolve, reject });
      listen(pending, () => {
        queue.splice(queue.indexOf(pending), 1);
        reject(command.signal?.reason);
      });
      queue.push(pending);
      startNext();
    });
  };

  const resync = async (): Promise<void> => {
    const mark = createMark();
    await send({ words: 'GET FULL VARIABLE', line: probeLine(mark) }, { kind: 'probe', mark, isValue: false });
  };

  return {
    send: (command) => send(command),
    refuse,
    resync,
    get underWay() {
      return [...sent, ...queue].map(({ command }) => command.words);
    },
    idle: () => new Promise((resolve) => {
      if (sent.length + queue.length > 0) whenIdle.push(resolve);
      else resolve();
    }), // prettier-ignore
    get hungUp() {
      return hungUp;
    },
    get hungUpHere() {
      return hungUpHere;
    },
    get ended() {
      return isOver();
    },
    get givenBack() {
      return life === 'givenBack';
    },
    get failure() {
      return failure;
    },
    get signal() {
      controller ??= new AbortController();
      if (hungUp) controller.abort(new HangupError('the caller hung up'));
      else if (failure) controller.abort(failure);
      else if (life === 'givenBack') controller.abort(new SessionEndedError('the script'));
      return controller.signal;
    },
    receive(bytes) {
      if (life === 'failed') return;
      try {
        replies.push(bytes);
        pump();
      } catch (error) {
        // Whoever hands on bytes can do nothing about it; whoever awaits a command learns it.
        fail(error as Error);
      }
    },
    hangUp,
    fail,
    lose(error) {
      replies.clear();
      // What was sent behind it has been read with it.
      for (let lost = sent[0]; lost; lost = sent[0]) {
        leave(lost);
        lost.reject(error);
      }
      startNext();
    },
    async recover() {
      if (life !== 'failed') return;
      life = 'recovering';
      // What still runs would keep what follows waiting.
      wire.interrupt?.('').catch(() => undefined);
      replies.clear();
      await resync();
    },
    release() {
      if (isOver()) return;
      life = 'released';
      deadline.stop();
      rejectAll(released);
    },
    end(isGivenBack = false) {
      if (isOver()) return;
      life = isGivenBack ? 'givenBack' : 'ended';
      deadline.stop();
      if (isGivenBack) controller?.abort(new SessionEndedError('the script'));
      else hangUp();
      rejectAll(gone);
    },
  };
}

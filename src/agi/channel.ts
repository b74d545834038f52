import { HangupError } from '../ground/errors';
import { traitsOf } from './command-table';
import { parseReply, valueReply, type Reply } from './reply';
import { createSession, type Arrival, type Awaiting } from './session';

/** The way to Asterisk. Bytes are written at once and in order. */
export interface Wire {
  /** @param answersAtOnce whether the reply can be expected without a wait */
  write(bytes: string, answersAtOnce: boolean): void;
  /** Stops what runs, where a further line does not: who waits is told at once, and the reply is passed over when it comes. */
  interrupt?(): void;
}

/** A command on its way: one line, and what has to be known of it. */
export interface Command {
  /** The command's words in capitals. */
  readonly words: string;
  /** The line, newline included. */
  readonly line: string;
  /** The mark that ends the value which this command asks for. */
  readonly fence?: string | undefined;
  /** Stops the command in the middle. */
  readonly signal?: AbortSignal | undefined;
}

/** Asterisk's end: commands go out one at a time, in the order in which they were given. */
export interface Channel {
  /** Gives the reply, whatever its code but 511. Rejects with HangupError, or with the signal's reason. */
  send(command: Command): Promise<Reply>;
  /** Gets into step with Asterisk again after somebody else has spoken on the wire: what they left unread is passed over. */
  resync(): Promise<void>;
  /** Whether the caller hung up or the connection ended. */
  readonly hungUp: boolean;
  /** Whether it was a HANGUP of this side that did it. */
  readonly hungUpHere: boolean;
  /** Whether the connection ended. */
  readonly ended: boolean;
  /** Whether it ended while the caller was still there: the dialplan goes on with the call. */
  readonly givenBack: boolean;
  /** Fires with a HangupError when the caller hangs up or the connection ends. */
  readonly signal: AbortSignal;
  /** Bytes have come. Throws ProtocolError when they are not Asterisk's. */
  receive(bytes: string): void;
  /** The caller hung up, as something else than the connection told. */
  hangUp(): void;
  /** The connection ended; nothing more will come. @param isGivenBack whether the dialplan goes on with the caller */
  end(isGivenBack?: boolean): void;
}

interface Pending {
  readonly command: Command;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
  awaiting: Awaiting;
  /** The command's own reply, where a probe follows it. */
  reply?: Reply;
  interrupted: boolean;
  stopListening: () => void;
}

/** A mark that nobody outside this process can foresee; seeded by the kernel at each start, and cheap. */
export function createMark(): string {
  const digits = (): string => Math.random().toString(36).slice(2).padEnd(10, '0');
  return `fastagi-${digits()}${digits()}`;
}

/** The command that answers its own text: with it both ends get back into step. */
const probeLine = (mark: string): string => `GET FULL VARIABLE "${mark}"\n`;

/** Plays AGI over a wire: the commands' queue, their replies, hangup. */
export function createChannel(wire: Wire): Channel {
  const session = createSession();
  const queue: Pending[] = [];
  let current: Pending | undefined;
  let hungUp = false;
  let hungUpHere = false;
  let ended = false;
  let givenBack = false;
  let controller: AbortController | undefined;

  const gone = (words: string): HangupError =>
    new HangupError(ended ? `${whyEnded()}, ${words} has no answer` : `the caller hung up, ${words} was not carried out`);

  const whyEnded = (): string => (givenBack ? 'Asterisk gave the call back to the dialplan' : 'the connection ended');

  const hangUp = (): void => {
    if (hungUp) return;
    hungUp = true;
    controller?.abort(new HangupError('the caller hung up'));
  };

  const startNext = (): void => {
    while (!current) {
      const next = queue.shift();
      if (!next) return;
      next.stopListening();
      if (refusal(next.command)) {
        next.reject(refusal(next.command));
        continue;
      }
      current = next;
      listen(next, () => interrupt(next));
      wire.write(next.command.line, traitsOf(next.command.words).answersAtOnce);
    }
  };

  const refusal = (command: Command): unknown => {
    if (ended || (hungUp && !traitsOf(command.words).onDeadChannel)) return gone(command.words);
    return command.signal?.aborted ? command.signal.reason : undefined;
  };

  const listen = (pending: Pending, aborted: () => void): void => {
    const { signal } = pending.command;
    signal?.addEventListener('abort', aborted);
    pending.stopListening = () => signal?.removeEventListener('abort', aborted);
  };

  const probe = (pending: Pending): void => {
    const mark = createMark();
    pending.awaiting = { kind: 'probe', mark };
    wire.write(probeLine(mark), true);
  };

  const interrupt = (pending: Pending): void => {
    if (pending !== current || pending.awaiting.kind === 'probe') return;
    pending.interrupted = true;
    if (wire.interrupt) {
      wire.interrupt();
      pending.reject(pending.command.signal?.reason);
    }
    probe(pending);
  };

  const settle = (pending: Pending, reply: Reply | undefined): void => {
    current = undefined;
    pending.stopListening();
    if (reply?.code === 511) hangUp();
    if (pending.command.line === 'HANGUP\n' && reply?.result === '1' && !hungUp) {
      // Asterisk's notice of it comes sooner or later.
      hungUpHere = true;
      hangUp();
    }
    if (!reply) pending.reject(pending.command.signal?.reason);
    else if (reply.code === 511) pending.reject(gone(pending.command.words));
    else pending.resolve(reply);
    startNext();
  };

  const arrived = (pending: Pending, arrival: Arrival): void => {
    if (arrival.kind === 'begun') return probe(pending);
    if (arrival.kind === 'probed') return settle(pending, ownReply(pending, arrival.before));
    if (arrival.kind !== 'reply') return;
    if (pending.command.words === 'EXEC' && arrival.reply.code === 200 && arrival.reply.result === '1') {
      // Asterisk may add a 520 block to this very result: the probe sweeps it up.
      pending.reply = arrival.reply;
      return probe(pending);
    }
    settle(pending, arrival.reply);
  };

  const pump = (): void => {
    for (;;) {
      const arrival = session.next(current?.awaiting ?? { kind: 'reply' });
      if (!arrival) return;
      if (arrival.kind === 'hangup') hangUp();
      else if (current) arrived(current, arrival);
    }
  };

  const send = (command: Command, awaiting = awaitingOf(command)): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const pending: Pending = {
        command,
        resolve,
        reject,
        awaiting,
        interrupted: false,
        stopListening: () => undefined,
      };
      listen(pending, () => {
        queue.splice(queue.indexOf(pending), 1);
        reject(command.signal?.reason);
      });
      queue.push(pending);
      startNext();
    });

  return {
    send: (command) => send(command),
    async resync() {
      const mark = createMark();
      await send({ words: 'GET FULL VARIABLE', line: probeLine(mark) }, { kind: 'probe', mark });
    },
    get hungUp() {
      return hungUp;
    },
    get hungUpHere() {
      return hungUpHere;
    },
    get ended() {
      return ended;
    },
    get givenBack() {
      return givenBack;
    },
    get signal() {
      controller ??= new AbortController();
      if (hungUp) controller.abort(new HangupError('the caller hung up'));
      return controller.signal;
    },
    receive(bytes) {
      session.push(bytes);
      pump();
    },
    hangUp,
    end(isGivenBack = false) {
      if (ended) return;
      ended = true;
      givenBack = isGivenBack;
      hangUp();
      const left = current ? [current, ...queue] : [...queue];
      current = undefined;
      queue.length = 0;
      for (const pending of left) {
        pending.stopListening();
        pending.reject(gone(pending.command.words));
      }
    },
  };
}

function awaitingOf(command: Command): Awaiting {
  if (command.fence !== undefined) return { kind: 'fenced', fence: command.fence };
  return traitsOf(command.words).isValue ? { kind: 'value' } : { kind: 'reply' };
}

/** What the probed command itself had answered: undefined where the interruption left it without a reply. */
function ownReply(pending: Pending, before: string): Reply | undefined {
  if (pending.reply) return pending.reply;
  if (!pending.interrupted) return valueReply(before.slice('200 result=1 ('.length, before.lastIndexOf(')')));
  const own = /^\d{3}[^]*?(?=\n$)/.exec(before)?.[0];
  if (own === undefined) return undefined;
  const reply = parseReply(own, false);
  // An interrupted WAIT FOR DIGIT answers 1, which is no key.
  return pending.command.words === 'WAIT FOR DIGIT' && reply.result === '1' ? undefined : reply;
}

import { commandOf, traitsOf } from '../../agi/wire/command-table';
import { wordsOf } from '../../agi/wire/words';
import type { Connection, Receiver } from '../../call/connection';
import { HangupError, ManagerError, ProtocolError, UsageError } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { createMark } from '../../ground/mark';
import { decodeText, percentDecoded } from '../../ground/text';
import type { ManagerClient } from '../../manager/client';
import type { ChannelPlace } from './found-channel';
import { createResults } from './results';

/** The way to a channel that waits in `AGI(agi:async)`, over the manager: AGI actions one way, AsyncAGIExec events the other. */
export interface AsyncConnection extends Connection, ChannelPlace {
  /** Begins the ids of all its commands. */
  readonly mark: string;
  /** Whether commands can be sent. */
  readonly isOpen: boolean;
  /** The call is on this channel now. */
  move(id: string, name: string): void;
  /** What Asterisk has sent and nobody has read; only before `attach`. Rejects with HangupError, or ProtocolError if it cannot be had. */
  drain(): Promise<string>;
  /** A command's result has come, encoded. @param id the command's */
  result(encoded: string, id: string): void;
  /** Nothing more will come. @param isGivenBack whether the dialplan goes on with the caller */
  end(isGivenBack: boolean): void;
}

/** Has the dialplan go on. @see Asterisk: manager action AGI */
export async function giveBack(client: ManagerClient, name: string): Promise<void> {
  await client.action('AGI', { Channel: name, Command: 'ASYNCAGI BREAK' });
}

/** In ms: so long the end may take that follows a command that failed. */
const longestEnd = 1000;

/** Whether a command ends the session if it fails: each that waits, but applications. */
function mayEndSession(line: string): boolean {
  const words = commandOf(wordsOf(line)) ?? '';
  const { answersAtOnce, holds } = traitsOf(words);
  return words !== 'EXEC' && !answersAtOnce && holds !== 'speech';
}

const cannotStop = ['FASTAGI_MANAGER_UNKNOWN_ACTION', 'FASTAGI_MANAGER_PERMISSION'];

/**
 * Stops what plays on a channel, or waits for keys. Rejects with UsageError if Asterisk cannot.
 * @param words the command's
 * @see Asterisk: manager actions ControlPlayback and PlayDTMF
 */
export async function stop(client: ManagerClient, name: string, words = ''): Promise<void> {
  try {
    // To GET DATA a stop is one of its keys; this one ends it.
    if (words === 'GET DATA') await client.action('PlayDTMF', { Channel: name, Digit: '#', Receive: 'true' });
    else await client.action('ControlPlayback', { Channel: name, Control: 'stop' });
  } catch (error) {
    // Otherwise nothing plays there any more.
    if (!(error instanceof ManagerError && cannotStop.includes(error.code))) return;
    throw new UsageError(
      'FASTAGI_ASYNC_STOP',
      `a signal cannot stop anything over this manager (${error.message}), and it goes on to its end: load app_controlplayback.so and app_senddtmf.so, and give the manager's user write = call`,
    );
  }
}

/** Where a call is, and what is known of it. */
export interface CallPlace {
  /** Another one may take its place in the middle of the call. */
  readonly channel: ChannelPlace;
  readonly log: Log;
  /** This machine's as Asterisk reaches it, if that is known. */
  readonly address: string | undefined;
  /** A channel did not take a command: whether the call is on another one now. */
  follow(): Promise<boolean>;
}

export function asyncConnection(client: ManagerClient, { channel, log, address, follow }: CallPlace): AsyncConnection {
  let state: 'open' | 'closed' | 'ended' = 'open';
  let receiver: Receiver | undefined;
  /** What another program left on the channel is answered here, too. */
  const mark = createMark();
  const own = `${mark}-`;
  let { id, name } = channel;
  let commands = 0;
  /** The command that Asterisk may answer by ending the session. */
  let risky: string | undefined;
  /** Asterisk is about to end the session: what would be sent, and whoever waits for the end. */
  let ending: { readonly lines: [line: string, id: string][]; readonly over: Promise<void>; stop(): void } | undefined;
  /** Who waits for what nobody asked for. */
  let draining: { resolve(bytes: string): void; reject(error: Error): void } | undefined;

  const run = (line: string, command: string): void => {
    // It would stay queued, and run in the channel's next AGI(agi:async).
    if (state !== 'open') return;
    if (ending) return void ending.lines.push([line, command]);
    if (mayEndSession(line)) risky = command;
    const asked = name;
    client.action('AGI', { Channel: asked, Command: decodeText(line), CommandID: own + command }).catch(async (error: unknown) => {
      if (state !== 'open') return;
      // Another channel took its place in the meantime: nobody got the command.
      if (name !== asked || (await follow())) return run(line, command);
      log.info(`Async AGI on ${asked} is over: ${(error as Error).message}`);
      connection.end(false);
    });
  };

  /** Asterisk tells of the end behind the reply. */
  const awaitEnd = (): void => {
    let stop: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (stop = resolve));
    const timer = setTimeout(() => {
      const { lines = [] } = ending ?? {};
      ending = undefined;
      stop();
      for (const [line, id] of lines) run(line, id);
    }, longestEnd);
    ending = {
      lines: [],
      over,
      stop() {
        clearTimeout(timer);
        stop();
      },
    };
  };

  const results = createResults({
    reply(bytes) {
      const waiting = draining;
      draining = undefined;
      if (waiting) waiting.resolve(bytes);
      else receiver?.receive(bytes);
    },
    send: run,
    fail(error) {
      const waiting = draining;
      draining = undefined;
      if (waiting) waiting.reject(new ProtocolError('FASTAGI_ENVIRONMENT_CUT', `of the environment: ${error.message}`));
      else receiver?.lost?.(error);
    },
  });

  const connection: AsyncConnection = {
    get name() {
      return name;
    },
    get id() {
      return id;
    },
    mark,
    move(toId, toName) {
      [id, name] = [toId, toName];
    },
    get isOpen() {
      return state === 'open';
    },
    read: () => undefined,
    attach(to) {
      const before = receiver;
      receiver = to;
      return before;
    },
    write(bytes) {
      for (const line of bytes.split('\n').slice(0, -1)) run(line, `${++commands}`);
      return true;
    },
    // Asterisk looks for the next one only ten times a second.
    isQueue: true,
    interrupt: (words) => stop(client, name, words),
    drained: () => Promise.resolve(),
    pause: () => undefined,
    resume: () => undefined,
    peer: () => undefined,
    local: () => address,
    async close() {
      if (state !== 'open') return;
      await ending?.over;
      if (state !== 'open') return;
      state = 'closed';
      // The channel may be gone by now.
      await giveBack(client, name).catch(() => undefined);
    },
    drain: () =>
      new Promise((resolve, reject) => {
        draining = { resolve, reject };
        results.drain();
      }),
    result(encoded, id) {
      if (!id.startsWith(own)) return;
      const which = id.slice(own.length);
      // Before whoever waits for it sends the next one.
      if (which === risky && /^200 result=-1\b/m.test(percentDecoded(encoded))) awaitEnd();
      results.take(encoded, which);
    },
    end(isGivenBack) {
      if (state === 'ended') return;
      state = 'ended';
      ending?.stop();
      draining?.reject(new HangupError('the call ended before the script ran'));
      receiver?.end(isGivenBack);
    },
  };
  return connection;
}

import type { Connection, Receiver } from '../../call/connection';
import { HangupError, ManagerError, ProtocolError, UsageError } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { decodeText } from '../../ground/text';
import type { ManagerClient } from '../../manager/client';
import { createResults } from './results';

/** The way to a channel that waits in `AGI(agi:async)`, over the manager: AGI actions one way, AsyncAGIExec events the other. */
export interface AsyncConnection extends Connection {
  /** The channel's. Asterisk may rename it in the middle of a call. */
  name: string;
  /** Whether commands can be sent. */
  readonly isOpen: boolean;
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

/** @param address this machine's as Asterisk reaches it, if that is known */
export function asyncConnection(client: ManagerClient, channelName: string, log: Log, address: string | undefined): AsyncConnection {
  let state: 'open' | 'closed' | 'ended' = 'open';
  let receiver: Receiver | undefined;
  let commands = 0;
  /** Who waits for what nobody asked for. */
  let draining: { resolve(bytes: string): void; reject(error: Error): void } | undefined;

  const run = (line: string, id: string): void => {
    // It would stay queued, and run in the channel's next AGI(agi:async).
    if (state !== 'open') return;
    const { name } = connection;
    client.action('AGI', { Channel: name, Command: decodeText(line), CommandID: id }).catch((error: unknown) => {
      if (state !== 'open') return;
      // It was renamed in the meantime, and did not get the command.
      if (connection.name !== name) return run(line, id);
      log.info(`Async AGI on ${name} is over: ${(error as Error).message}`);
      connection.end(false);
    });
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
    name: channelName,
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
    interrupt: (words) => stop(client, connection.name, words),
    drained: () => Promise.resolve(),
    pause: () => undefined,
    resume: () => undefined,
    peer: () => undefined,
    local: () => address,
    async close() {
      if (state !== 'open') return;
      state = 'closed';
      // The channel may be gone by now.
      await giveBack(client, connection.name).catch(() => undefined);
    },
    drain: () =>
      new Promise((resolve, reject) => {
        draining = { resolve, reject };
        results.drain();
      }),
    result: results.take,
    end(isGivenBack) {
      if (state === 'ended') return;
      state = 'ended';
      draining?.reject(new HangupError('the call ended before the script ran'));
      receiver?.end(isGivenBack);
    },
  };
  return connection;
}

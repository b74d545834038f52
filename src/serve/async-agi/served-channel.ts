import { createChannel, type Channel } from '../../agi/channel';
import { HangupError } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { decodeText, percentDecoded } from '../../ground/text';
import type { ManagerClient } from '../../manager/client';
import { createResults } from './results';

/** A channel that waits in `AGI(agi:async)`, over the manager. */
export interface ServedChannel {
  /** Asterisk may rename it in the middle of a call. */
  name: string;
  readonly channel: Channel;
  /** How many of the script's commands were sent. */
  readonly commands: number;
  /** Sends NOOP before the script runs, and gives what came for it. Rejects with HangupError. */
  noop(): Promise<string>;
  /** A command's result has come, encoded. @param id the command's */
  receive(encoded: string, id: string): void;
  /** Nothing more will come. @param isGivenBack whether the dialplan goes on with the caller */
  end(isGivenBack?: boolean): void;
}

/** Stops what plays on a channel. If app_controlplayback is missing, it goes on to its end. @see Asterisk: manager action ControlPlayback */
export function stopPlayback(client: ManagerClient, name: string): void {
  client.action('ControlPlayback', { Channel: name, Control: 'stop' }).catch(() => undefined);
}

export function createServedChannel(client: ManagerClient, channelName: string, log: Log): ServedChannel {
  let commands = 0;
  /** What waits for a command that is not the script's. */
  let early: { resolve(result: string): void; reject(error: Error): void } | undefined;

  const run = (line: string, id: string): void => {
    // It would stay queued, and run in the channel's next AGI(agi:async).
    if (served.channel.ended) return;
    const { name } = served;
    client.action('AGI', { Channel: name, Command: decodeText(line), CommandID: id }).catch((error: unknown) => {
      // It was renamed in the meantime, and did not get the command.
      if (served.name !== name && !served.channel.ended) return run(line, id);
      if (!served.channel.ended) log.info(`Async AGI on ${served.name} is over: ${(error as Error).message}`);
      served.end();
    });
  };

  const channel = createChannel({
    write(bytes) {
      for (const line of bytes.split('\n').slice(0, -1)) run(line, `${++commands}`);
    },
    interrupt: () => stopPlayback(client, served.name),
  });

  const results = createResults({
    reply: (bytes) => channel.receive(bytes),
    send: run,
    fail: (error) => channel.fail(error),
  });

  const served: ServedChannel = {
    name: channelName,
    channel,
    get commands() {
      return commands;
    },
    noop: () =>
      new Promise((resolve, reject) => {
        early = { resolve, reject };
        run('NOOP', 'first');
      }),
    receive(encoded, id) {
      const waiting = early;
      early = undefined;
      if (waiting) waiting.resolve(percentDecoded(encoded));
      else results.take(encoded, id);
    },
    end(isGivenBack) {
      early?.reject(new HangupError('the call ended before the script ran'));
      channel.end(isGivenBack);
    },
  };
  return served;
}

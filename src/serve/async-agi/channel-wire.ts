import { createChannel, type Channel } from '../../agi/channel';
import { parseRequest, type AgiRequest } from '../../agi/wire/request';
import { decodeText, percentDecoded } from '../../ground/text';
import type { CallStatus } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { longestLine } from '../../manager/wire/action-text';
import type { AsyncAgiService } from '../../call/agi';
import type { ClientParts } from '../../manager/client';
import type { ManagerEvent } from '../../manager/event';

/** A channel that waits in `AGI(agi:async)`. */
export interface AsyncCall {
  readonly channel: Channel;
  readonly request: AgiRequest;
  /** What it was made of, a byte a character. */
  readonly environment: string;
  /** How long a command's line may be here, in bytes. */
  readonly longestLine: number;
  /** How many commands were sent. */
  readonly commands: number;
}

/** Serves one call to its end. */
type Serve = (call: AsyncCall) => Promise<void>;

interface Served {
  /** Asterisk may rename a channel in the middle of a call. */
  name: string;
  readonly channel: Channel;
}

/** Asterisk's AGI commands come over the manager's lines here; a newline is not sent. */
const longest = longestLine - 'Command: '.length + 1;

/** @see Asterisk: manager action AGI, manager events AsyncAGIStart, AsyncAGIExec and AsyncAGIEnd */
export function serveAsyncAgi({ client, watch, onEnd, onReady }: ClientParts, serve: Serve, log: Log): AsyncAgiService {
  const served = new Map<string, Served>();
  const running = new Set<Promise<void>>();
  /** Channels whose results were lost with a connection: they wait for commands that nobody sends. */
  const abandoned = new Set<string>();

  let closing = false;

  const start = (id: string, event: ManagerEvent): void => {
    if (closing) return;
    const call = takeCall(id, event);
    const done = serve(call).catch((error: unknown) => log.error(`Async AGI on ${event.get('Channel')}: ${String(error)}`));
    running.add(done);
    void done.finally(() => {
      running.delete(done);
      served.delete(id);
    });
  };

  const takeCall = (id: string, event: ManagerEvent): AsyncCall => {
    let environment = percentDecoded(event.get('Env') ?? '');
    while (environment.endsWith('\n')) environment = environment.slice(0, -1);
    const request = parseRequest(environment);
    let count = 0;
    const entry: Served = {
      name: event.get('Channel') ?? '',
      channel: createChannel({
        write(bytes) {
          for (const line of bytes.split('\n').slice(0, -1)) run(entry, line, `${++count}`);
        },
        interrupt: () => stopPlayback(entry.name),
      }),
    };
    served.set(id, entry);
    void tell(entry.name, 'HANGUP', 'the caller hung up');
    return {
      channel: entry.channel, request, environment,
      longestLine: longest,
      get commands() {
        return count;
      },
    }; // prettier-ignore
  };

  const stopPlayback = (name: string): void => {
    // Where app_controlplayback is missing, the playback goes on to its end.
    client.action('ControlPlayback', { Channel: name, Control: 'stop' }).catch(() => undefined);
  };

  const run = (entry: Served, line: string, id: string): void => {
    const { name } = entry;
    client.action('AGI', { Channel: name, Command: decodeText(line), CommandID: id }).catch((error: unknown) => {
      // It was renamed in the meantime, and did not get the command.
      if (entry.name !== name && !entry.channel.ended) return run(entry, line, id);
      if (!entry.channel.ended) log.info(`Async AGI on ${entry.name} is over: ${(error as Error).message}`);
      entry.channel.end();
    });
  };

  /** Asterisk ends Async AGI at a hangup, when it is asked to, and after a playback of a sound that is missing. */
  const end = async ({ name, channel }: Served): Promise<void> => {
    const status = await client.action('Getvar', { Channel: name, Variable: 'AGISTATUS' }).catch(() => undefined);
    const isGivenBack = status?.get('Value') === 'FAILURE';
    if (isGivenBack) await tell(name, 'FAILURE', 'Asterisk ended Async AGI, as it does when a command fails');
    channel.end(isGivenBack);
  };

  /** What the dialplan will read, where AGI itself can no longer tell it. */
  const tell = async (name: string, status: CallStatus, reason: string): Promise<void> => {
    const variables = Object.entries({ FASTAGISTATUS: status, FASTAGIERROR: reason });
    // A channel that is gone has nobody who could read them.
    await Promise.allSettled(variables.map(([Variable, Value]) => client.action('Setvar', { Channel: name, Variable, Value })));
  };

  const handlers: Record<string, (id: string, event: ManagerEvent) => void> = {
    asyncagistart: start,
    asyncagiexec: (id, event) => served.get(id)?.channel.receive(percentDecoded(event.get('Result') ?? '')),
    asyncagiend(id) {
      const entry = served.get(id);
      if (entry) void end(entry);
    },
    hangup: (id) => served.get(id)?.channel.end(),
    rename(id, event) {
      const entry = served.get(id);
      if (entry) entry.name = event.get('Newname') ?? entry.name;
    },
  };

  const events = ['AsyncAGIStart', 'AsyncAGIExec', 'AsyncAGIEnd', 'Hangup', 'Rename'];
  const unwatch = watch(events, (event) => handlers[event.name.toLowerCase()]?.(event.get('Uniqueid') ?? '', event));

  onEnd(() => {
    for (const { name, channel } of served.values()) {
      abandoned.add(name);
      channel.end();
    }
    served.clear();
  });
  onReady(() => {
    for (const name of abandoned) void release(name);
    abandoned.clear();
  });

  /** The caller hears nothing while the channel waits: the dialplan goes on instead. */
  const release = async (name: string): Promise<void> => {
    try {
      void tell(name, 'FAILURE', 'the connection to the manager was lost during the call');
      stopPlayback(name);
      await client.action('AGI', { Channel: name, Command: 'ASYNCAGI BREAK' });
      log.warn(`Async AGI on ${name} was broken off, as the connection to the manager had been lost: the dialplan goes on`);
    } catch {
      // The channel is gone by now.
    }
  };

  return {
    get calls() {
      return running.size;
    },
    async close() {
      closing = true;
      await Promise.all(running);
      unwatch();
    },
  };
}

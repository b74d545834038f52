import type { Channel } from '../../agi/channel';
import { parseRequest, type AgiRequest } from '../../agi/wire/request';
import { percentDecoded } from '../../ground/text';
import { HangupError, UsageError, type CallStatus } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { longestLine } from '../../manager/wire/action-text';
import type { Agi, AsyncAgiOptions, AsyncAgiService } from '../../call/agi';
import type { ClientParts } from '../../manager/client';
import type { ManagerEvent } from '../../manager/event';
import { storeAfterHangup } from './after-hangup';
import { foundChannel, type FoundChannel } from './found-channel';
import { createServedChannel, stopPlayback, type ServedChannel } from './served-channel';
import { passOver, wholeEnvironment } from './whole-environment';

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
  /** Has what stores results go on working after the hangup. */
  keepStoring(agi: Agi): void;
}

/** Serves one call to its end. */
type Serve = (call: AsyncCall) => Promise<void>;

/** What is known of a call at its beginning. */
interface Beginning {
  readonly id: string;
  /** The channel's. */
  readonly name: string;
  /** Without its last newlines. */
  readonly environment: string;
  /** Whether Asterisk sent all of it, cut it, or sent it before anybody listened. */
  readonly state: 'whole' | 'cut' | 'missed';
}

/** Asterisk's AGI commands come over the manager's lines here; a newline is not sent. */
const longest = longestLine - 'Command: '.length + 1;

/** @see Asterisk: manager action AGI, manager events AsyncAGIStart, AsyncAGIExec and AsyncAGIEnd */
export function serveAsyncAgi(
  { client, watch, onEnd, onReady }: ClientParts,
  serve: Serve,
  log: Log,
  { name: wanted, concurrency = Infinity }: AsyncAgiOptions = {},
): AsyncAgiService {
  if (concurrency !== Infinity && !(Number.isInteger(concurrency) && concurrency > 0))
    throw new UsageError('FASTAGI_ARGUMENT_NUMBER', `agi: concurrency is ${concurrency}; it must be a whole number above 0`);
  const served = new Map<string, ServedChannel>();
  const running = new Set<Promise<void>>();
  /** Channels whose results were lost with a connection: they wait for commands that nobody sends. */
  const abandoned = new Set<string>();

  let closing = false;

  /** Calls of which it is being found out whether they are for this program. */
  const asked = new Set<string>();

  const start = (id: string, event: ManagerEvent): void => {
    const bytes = percentDecoded(event.get('Env') ?? '');
    const state = bytes.endsWith('\n\n') ? 'whole' : 'cut';
    const beginning: Beginning = { id, name: event.get('Channel') ?? '', environment: state === 'cut' ? bytes : bytes.slice(0, -2), state };
    // Arguments come last, and may have been cut.
    if (wanted !== undefined && state === 'cut') void beginIfWanted(beginning);
    else if (wanted === undefined || parseRequest(beginning.environment)['agi_arg_1'] === wanted) begin(beginning);
  };

  /** The list of channels has the arguments whole. */
  const beginIfWanted = async (beginning: Beginning): Promise<void> => {
    asked.add(beginning.id);
    const found = (await channels()).find(({ id }) => id === beginning.id);
    if (asked.delete(beginning.id) && found?.args[0] === wanted) begin(beginning);
  };

  const begin = (beginning: Beginning): void => {
    const { id, name } = beginning;
    if (closing) return;
    if (running.size >= concurrency) return void refuse(name);
    const entry = createServedChannel(client, name, log);
    served.set(id, entry);
    const done = toItsEnd(entry, beginning).catch((error: unknown) => log.error(`Async AGI on ${name}: ${String(error)}`));
    running.add(done);
    void done.finally(() => {
      running.delete(done);
      // The channel may run AGI(agi:async) again by now.
      if (served.get(id) === entry) served.delete(id);
    });
  };

  const toItsEnd = async (entry: ServedChannel, beginning: Beginning): Promise<void> => {
    void tell(entry.name, 'HANGUP', 'the caller hung up');
    const environment = await environmentOf(entry, beginning);
    if (environment === undefined) return;
    await serve({
      channel: entry.channel, request: parseRequest(environment), environment,
      longestLine: longest,
      get commands() {
        return entry.commands;
      },
      keepStoring: (agi) => storeAfterHangup(agi, entry.channel, client, () => entry.name),
    }); // prettier-ignore
  };

  /** Undefined if the call has ended meanwhile. */
  const environmentOf = async ({ noop }: ServedChannel, { environment, state }: Beginning): Promise<string | undefined> => {
    try {
      if (state === 'cut') return (await wholeEnvironment(environment, noop)).slice(0, -2);
      if (state === 'missed') await passOver(noop);
      return environment;
    } catch (error) {
      if (error instanceof HangupError) return undefined;
      throw error;
    }
  };

  /** The caller must not wait in silence. */
  const refuse = async (name: string): Promise<void> => {
    const reason = `${concurrency} calls are being served, which is the concurrency`;
    log.warn(`Async AGI on ${name} was refused: ${reason}`);
    await tell(name, 'BUSY', reason);
    // The channel may be gone by now.
    await giveBack(name).catch(() => undefined);
  };

  /** None if they cannot be had. */
  const channels = async (): Promise<FoundChannel[]> => {
    const found: FoundChannel[] = [];
    try {
      for await (const item of client.list('CoreShowChannels')) {
        const channel = foundChannel(item, client.version);
        if (channel) found.push(channel);
      }
    } catch (error) {
      log.warn(`Async AGI: calls that wait cannot be found: ${(error as Error).message}; the user needs write = reporting in manager.conf`);
    }
    return found;
  };

  /** Serves what waits, and began before anybody here knew of it. @param not those that are given back */
  const serveWaiting = async (not: ReadonlySet<string>): Promise<void> => {
    for (const { id, name, args, environment } of await channels()) {
      const isWanted = wanted === undefined || args[0] === wanted;
      if (isWanted && !served.has(id) && !not.has(name)) begin({ id, name, environment, state: 'missed' });
    }
  };

  /** Asterisk ends Async AGI at a hangup, when it is asked to, and after a playback of a sound that is missing. */
  const end = async (entry: ServedChannel): Promise<void> => {
    const { name } = entry;
    const status = await client.action('Getvar', { Channel: name, Variable: 'AGISTATUS' }).catch(() => undefined);
    const isGivenBack = status?.get('Value') === 'FAILURE';
    if (isGivenBack) await tell(name, 'FAILURE', 'Asterisk ended Async AGI, as it does when a command fails');
    entry.end(isGivenBack);
  };

  const giveBack = (name: string) => client.action('AGI', { Channel: name, Command: 'ASYNCAGI BREAK' }); // prettier-ignore

  /** What the dialplan will read, where AGI itself can no longer tell it. */
  const tell = async (name: string, status: CallStatus | 'BUSY', reason: string): Promise<void> => {
    const variables = Object.entries({ FASTAGISTATUS: status, FASTAGIERROR: reason });
    // A channel that is gone has nobody who could read them.
    await Promise.allSettled(variables.map(([Variable, Value]) => client.action('Setvar', { Channel: name, Variable, Value })));
  };

  const handlers: Record<string, (id: string, event: ManagerEvent) => void> = {
    asyncagistart: start,
    asyncagiexec: (id, event) => served.get(id)?.receive(event.get('Result') ?? '', event.get('CommandId') ?? ''),
    asyncagiend(id) {
      asked.delete(id);
      const entry = served.get(id);
      if (entry) void end(entry);
    },
    hangup(id) {
      asked.delete(id);
      served.get(id)?.end();
    },
    rename(id, event) {
      const entry = served.get(id);
      if (entry) entry.name = event.get('Newname') ?? entry.name;
    },
  };

  const events = ['AsyncAGIStart', 'AsyncAGIExec', 'AsyncAGIEnd', 'Hangup', 'Rename'];
  const unwatch = watch(events, (event) => handlers[event.name.toLowerCase()]?.(event.get('Uniqueid') ?? '', event));

  onEnd(() => {
    for (const entry of served.values()) {
      abandoned.add(entry.name);
      entry.end();
    }
    served.clear();
  });
  onReady(() => {
    const lost = new Set(abandoned);
    abandoned.clear();
    for (const name of lost) void release(name);
    void serveWaiting(lost);
  });
  if (wanted !== undefined) void serveWaiting(new Set());

  /** The caller hears nothing while the channel waits: the dialplan goes on instead. */
  const release = async (name: string): Promise<void> => {
    try {
      void tell(name, 'FAILURE', 'the connection to the manager was lost during the call');
      stopPlayback(client, name);
      await giveBack(name);
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

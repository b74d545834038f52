// At once: whatever comes of the package later, this process goes on with what it began with.
import '../../call/later';
import { parseRequest } from '../../agi/wire/request';
import type { AsyncAgiOptions, AsyncAgiService } from '../../call/agi';
import { UsageError, type CallStatus } from '../../ground/errors';
import type { Log } from '../../ground/log';
import { percentDecoded } from '../../ground/text';
import type { ClientParts } from '../../manager/client';
import type { ManagerEvent } from '../../manager/event';
import { serveAsyncCall, type AsyncScript, type Beginning } from './async-call';
import { asyncConnection, giveBack, stop, type AsyncConnection } from './async-connection';
import { isLoopback } from '../../manager/wire/server-address';
import { foundChannel, placeOf, type FoundChannel } from './found-channel';
import { isDamaged } from './results';
import { markChannel, successorOf } from './successor';

/** In ms: so soon after the end of Async AGI the channel says why it ended. */
const endPause = 20;
const mostEndPauses = 10;

/** Serves channels that run `AGI(agi:async)`. @see Asterisk: manager action AGI, manager events AsyncAGIStart, AsyncAGIExec and AsyncAGIEnd */
export function serveAsyncAgi(
  { client, watch, onEnd, onReady }: ClientParts,
  script: AsyncScript,
  log: Log,
  { name: wanted, concurrency = Infinity }: AsyncAgiOptions = {},
): AsyncAgiService {
  if (concurrency !== Infinity && !(Number.isInteger(concurrency) && concurrency > 0))
    throw new UsageError('FASTAGI_ARGUMENT_NUMBER', `agi: concurrency is ${concurrency}; it must be a whole number above 0`);
  const service = { client, ...script };
  const address = isLoopback(script.host.settings.asmanager.server) ? '127.0.0.1' : undefined;
  const served = new Map<string, AsyncConnection>();
  const running = new Set<Promise<void>>();
  /** Channels whose results were lost with a connection: they wait for commands that nobody sends. */
  const abandoned = new Set<string>();
  /** Those that Asterisk has reported to be over. */
  const ended = new WeakSet<AsyncConnection>();
  let closing = false;

  /** Calls of which more is being found out. */
  const asked = new Set<string>();

  const start = (_id: string, event: ManagerEvent): void => {
    const encoded = event.get('Env') ?? '';
    const bytes = percentDecoded(encoded);
    const state = bytes.endsWith('\n\n') ? 'whole' : 'cut';
    const beginning: Beginning = { ...placeOf(event), environment: state === 'cut' ? bytes : bytes.slice(0, -2), state };
    if (isDamaged(encoded, bytes)) void beginAsListed(beginning, true);
    // Arguments come last, and may have been cut.
    else if (wanted !== undefined && state === 'cut') void beginAsListed(beginning, false);
    else if (wanted === undefined || parseRequest(beginning.environment)['agi_arg_1'] === wanted) begin(beginning);
  };

  /** The list of channels has the arguments whole. @param isLost whether something of the environment cannot be had otherwise */
  const beginAsListed = async (beginning: Beginning, isLost: boolean): Promise<void> => {
    asked.add(beginning.id);
    const found = (await waitingChannels()).find(({ id }) => id === beginning.id);
    if (!asked.delete(beginning.id) || !found) return;
    if (wanted !== undefined && found.args[0] !== wanted) return;
    begin(isLost ? { ...beginning, environment: found.environment, state: 'missed' } : beginning);
  };

  const begin = (beginning: Beginning): void => {
    const { id, name } = beginning;
    if (closing) return;
    if (running.size >= concurrency) return void refuse(name);
    const connection: AsyncConnection = asyncConnection(client, { channel: { id, name }, log, address, follow: () => follow(connection) });
    served.set(id, connection);
    // If Asterisk ends it, the dialplan goes on at once, and nothing can be told first.
    void tell(name, 'HANGUP', 'the caller hung up, or Asterisk ended Async AGI (AGISTATUS)');
    // It keeps what an earlier one came to.
    void set(name, 'AGISTATUS', '');
    markChannel(client, connection);
    const done = serveAsyncCall(service, connection, beginning).catch((error: unknown) => {
      log.error(`Async AGI on ${name}: ${String(error)}`);
    });
    running.add(done);
    void done.finally(() => {
      running.delete(done);
      // The channel may run AGI(agi:async) again by now.
      if (served.get(connection.id) === connection) served.delete(connection.id);
    });
  };

  /** The caller must not wait in silence. */
  const refuse = async (name: string): Promise<void> => {
    const reason = `${concurrency} calls are being served, which is the concurrency`;
    log.warn(`Async AGI on ${name} was refused: ${reason}`);
    await tell(name, 'BUSY', reason);
    // The channel may be gone by now.
    await giveBack(client, name).catch(() => undefined);
  };

  /** None if they cannot be had. */
  const channels = async (): Promise<ManagerEvent[]> => {
    const found: ManagerEvent[] = [];
    try {
      for await (const item of client.list('CoreShowChannels')) found.push(item);
    } catch (error) {
      log.warn(`Async AGI: calls that wait cannot be found: ${(error as Error).message}; the user needs write = reporting in manager.conf`);
    }
    return found;
  };

  const waitingChannels = async (): Promise<FoundChannel[]> =>
    (await channels()).flatMap((item) => foundChannel(item, client.version) ?? []);

  /** Serves what waits, and began before anybody here knew of it. @param not those that are given back */
  const serveWaiting = async (not: ReadonlySet<string>): Promise<void> => {
    for (const { id, name, args, environment } of await waitingChannels()) {
      const isWanted = wanted === undefined || args[0] === wanted;
      if (isWanted && !served.has(id) && !not.has(name)) begin({ id, name, environment, state: 'missed' });
    }
  };

  /** Whether another channel has taken the place of a call's. Asterisk does not report it. */
  const follow = async (connection: AsyncConnection): Promise<boolean> => {
    const { id } = connection;
    // Its application may be one that the script had carried out.
    const others = (await channels()).map(placeOf).filter((channel) => !served.has(channel.id));
    const successor = connection.id === id ? await successorOf(client, connection, others) : undefined;
    if (connection.id !== id) return true;
    if (successor) move(connection, successor.id, successor.name);
    return successor !== undefined;
  };

  const move = (connection: AsyncConnection, id: string, name: string): void => {
    if (served.get(connection.id) === connection) served.delete(connection.id);
    connection.move(id, name);
    served.set(id, connection);
    log.info(`Async AGI on ${name} goes on with the call`);
  };

  /** Whose command it answers: a call that has moved is found by that. */
  const asker = (id: string, event: ManagerEvent): AsyncConnection | undefined => {
    const command = event.get('CommandId') ?? '';
    const there = served.get(id);
    if (there) return there;
    const moved = [...served.values()].find(({ mark, isOpen }) => isOpen && command.startsWith(`${mark}-`));
    if (moved) move(moved, id, event.get('Channel') ?? moved.name);
    return moved;
  };

  /** A hangup of which Async AGI knows nothing is that of a channel whose place another one has taken. */
  const leave = async (connection: AsyncConnection): Promise<void> => {
    if (!(connection.isOpen && (await follow(connection)))) connection.end(false);
  };

  /** Asterisk ends Async AGI at a hangup, when it is asked to, and when some commands fail. */
  const end = async (connection: AsyncConnection): Promise<void> => {
    const status = await statusAtEnd(connection.name);
    if (status === 'FAILURE') await tell(connection.name, 'FAILURE', 'Asterisk ended Async AGI, as it does when a command fails');
    connection.end(status === 'FAILURE' || status === 'SUCCESS');
  };

  /** Asterisk sets it a moment after it has told of the end; undefined if the channel is gone. */
  const statusAtEnd = async (name: string): Promise<string | undefined> => {
    for (let looks = 0; looks < mostEndPauses; looks++) {
      // oxlint-disable-next-line no-await-in-loop
      const status = await client.action('Getvar', { Channel: name, Variable: 'AGISTATUS' }).catch(() => undefined);
      const value = status?.get('Value');
      if (value !== '') return value;
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, endPause));
    }
    return undefined;
  };

  /** What the dialplan will read, where AGI itself can no longer tell it. */
  const tell = async (name: string, status: CallStatus | 'BUSY', reason: string): Promise<void> => {
    await Promise.all([set(name, 'FASTAGISTATUS', status), set(name, 'FASTAGIERROR', reason)]);
  };

  /** A channel that is gone has nobody who could read it. */
  const set = (name: string, variable: string, value: string): Promise<unknown> =>
    client.action('Setvar', { Channel: name, Variable: variable, Value: value }).catch(() => undefined);

  const handlers: Record<string, (id: string, event: ManagerEvent) => void> = {
    asyncagistart: start,
    asyncagiexec: (id, event) => asker(id, event)?.result(event.get('Result') ?? '', event.get('CommandId') ?? ''),
    asyncagiend(id) {
      asked.delete(id);
      const connection = served.get(id);
      if (!connection?.isOpen) return;
      ended.add(connection);
      void end(connection);
    },
    hangup(id) {
      asked.delete(id);
      const connection = served.get(id);
      if (connection && ended.has(connection)) connection.end(false);
      else if (connection) void leave(connection);
    },
    rename(id, event) {
      const connection = served.get(id);
      connection?.move(id, event.get('Newname') ?? connection.name);
    },
  };

  const events = ['AsyncAGIStart', 'AsyncAGIExec', 'AsyncAGIEnd', 'Hangup', 'Rename'];
  const unwatch = watch(events, (event) => handlers[event.name.toLowerCase()]?.(event.get('Uniqueid') ?? '', event));

  const forgetEnd = onEnd(() => {
    for (const connection of served.values()) {
      abandoned.add(connection.name);
      connection.end(false);
    }
    served.clear();
  });
  const forgetReady = onReady(() => {
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
      stop(client, name).catch(() => undefined);
      await giveBack(client, name);
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
      for (const forget of [unwatch, forgetEnd, forgetReady]) forget();
    },
  };
}

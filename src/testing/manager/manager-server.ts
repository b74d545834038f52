import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Asterisk } from '../asterisk/asterisk';
import { createAsyncCall, type AsyncChannel } from './async-call';
import { createClientSession, type ClientSession, type SessionOptions } from './client-session';
import { createClientWire, type ClientWire, type WritingOptions } from './client-wire';
import type { SimulatedRequest } from '../asterisk/environment';
import type { ManagerFields, ReceivedAction } from './manager-wire';
import type { ManagerAction, ManagerState } from './manager-state';
import type { AsteriskOptions } from '../asterisk/simulated-channel';

/** How the simulated manager behaves. */
export interface ManagerServerOptions extends SessionOptions, WritingOptions {
  /** Has it speak TLS, with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Whether Asterisk has started (true); else `boot()` starts it. */
  readonly booted?: boolean;
}

/** A simulated manager, on a port of its own of the loopback interface. */
export interface ManagerServer extends ManagerState {
  readonly port: number;
  /** Each action that came, in order; of a login too, and with what was sent for the secret. */
  readonly actions: readonly ReceivedAction[];
  /** How many clients are connected. */
  readonly clients: number;
  /** How many have ever connected. */
  readonly connections: number;
  /** A channel begins `AGI(agi:async)`: gives its simulated Asterisk. */
  asyncAgi(facts?: SimulatedRequest, options?: AsteriskOptions): Asterisk;
  /** Gives a channel in `AGI(agi:async)` another name, as transfers do. */
  rename(name: string, newName: string): void;
  /** Another channel takes the place of one in `AGI(agi:async)`, as a transfer does it: its name and unique id are the call's then. */
  replace(name: string, newName: string): void;
  /** Writes bytes to every client, whatever they are. */
  write(bytes: string): void;
  /** The filters of the client that logged in last. */
  readonly filters: readonly string[];
  /** Asterisk has started: its modules are loaded. */
  boot(): void;
  /** Throws every client out, as `manager kick session` does; they may come again. */
  drop(): void;
  /** Says that Asterisk ends, closes every connection, and takes no more until `restart()`. */
  shutdown(): Promise<void>;
  /** Listens again, on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a manager that is as strict as Asterisk's: what Asterisk would refuse or take apart otherwise is refused here too. */
export async function startManagerServer(options: ManagerServerOptions = {}): Promise<ManagerServer> {
  const clients = new Map<Socket, { readonly session: ClientSession; readonly wire: ClientWire }>();
  let isBooted = options.booted ?? true;
  let connections = 0;
  const actions: ReceivedAction[] = [];
  const asyncChannels = new Map<string, AsyncChannel>();
  const state: ManagerState = {
    channels: new Map(),
    variables: new Map(),
    database: new Map(),
    emit(event, fields = {}, privilege = 'system') {
      for (const { session } of clients.values()) session.event(event, fields, privilege);
    },
    isBooted: () => isBooted,
    asyncChannels: () => [...asyncChannels.values()].map((one) => one.shown()),
    startedAt: new Date(Date.now() - (isBooted ? 600_000 : 0)),
  };

  const agi: ManagerAction = (action) => {
    const channel = asyncChannels.get(action.get('Channel') ?? '');
    if (!channel) return { error: `Channel ${action.get('Channel')} does not exist.` };
    channel.take(action.get('Command') ?? '', action.get('CommandID') ?? '');
    return { message: 'Added AGI command to queue' };
  };
  const controlPlayback: ManagerAction = (action) => {
    const channel = asyncChannels.get(action.get('Channel') ?? '');
    if (channel && action.get('Control') === 'stop') channel.stopPlayback();
    return channel ? {} : { error: 'No such channel' };
  };

  const playDtmf: ManagerAction = (action) => {
    const channel = asyncChannels.get(action.get('Channel') ?? '');
    // Otherwise the caller hears the key, and nothing else happens here.
    if (channel && action.get('Receive') === 'true') channel.press(action.get('Digit') ?? '');
    return channel ? { message: 'DTMF successfully queued' } : { error: 'Channel not found' };
  };

  const accept = (socket: Socket): void => {
    const ownActions = { agi, controlplayback: controlPlayback, playdtmf: playDtmf, ...options.actions };
    const wire = createClientWire(socket, options);
    const way = { send: wire.write, over: wire.end, note: (action: ReceivedAction) => void actions.push(action) };
    const session = createClientSession({ ...options, actions: ownActions }, state, way);
    clients.set(socket, { session, wire });
    connections++;
    // As Asterisk does.
    socket.setNoDelay(true).on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => session.receive(bytes.toString('latin1')));
    socket.on('close', () => clients.delete(socket));
  };

  const server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const drop = (): void => {
    for (const { wire } of clients.values()) wire.close();
  };
  const stop = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    await closed;
  };
  const callMoved = (name: string, newName: string): AsyncChannel | undefined => {
    const call = asyncChannels.get(name);
    if (!call) return undefined;
    asyncChannels.set(newName, call);
    state.channels.set(newName, call.channel.variables);
    for (const channels of [asyncChannels, state.channels]) channels.delete(name);
    return call;
  };
  const emit = (event: string, fields: ManagerFields, privilege: string): void => state.emit(event, fields, privilege);

  return {
    ...state,
    port,
    actions,
    get filters() {
      return [...clients.values()].at(-1)?.session.filters ?? [];
    },
    boot() {
      isBooted = true;
      for (const { session } of clients.values()) session.boot();
    },
    async shutdown() {
      state.emit('Shutdown', { Shutdown: 'Cleanly', Restart: 'False' }, 'system');
      for (const { wire } of clients.values()) wire.end();
      await stop();
    },
    restart: () => listen(port),
    get clients() {
      return clients.size;
    },
    get connections() {
      return connections;
    },
    asyncAgi(facts = {}, asterisk = {}) {
      const call = createAsyncCall(facts, asterisk, emit, (name) => {
        asyncChannels.delete(name);
        state.channels.delete(name);
      });
      asyncChannels.set(call.channel.name, call);
      state.channels.set(call.channel.name, call.channel.variables);
      return call.begin();
    },
    rename: (name, newName) => callMoved(name, newName)?.rename(newName),
    replace: (name, newName) => callMoved(name, newName)?.replace(newName),
    write(bytes) {
      for (const { wire } of clients.values()) wire.write(bytes);
    },
    drop,
    async close() {
      drop();
      await stop();
    },
  };
}

import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Asterisk } from '../asterisk/asterisk';
import { createAsyncCall, type AsyncChannel } from './async-call';
import { createClientSession, type ClientSession, type ManagerServerOptions } from './client-session';
import type { SimulatedRequest } from '../asterisk/environment';
import type { ManagerFields, ReceivedAction } from './manager-wire';
import type { ManagerAction, ManagerState } from './manager-state';
import type { AsteriskOptions } from '../asterisk/simulated-channel';

/** A simulated manager, on a port of its own of the loopback interface. */
export interface ManagerServer extends ManagerState {
  readonly port: number;
  /** Each action that came, in order; of a login too, and with what was sent for the secret. */
  readonly actions: readonly ReceivedAction[];
  /** How many clients are connected. */
  readonly clients: number;
  /** A channel begins `AGI(agi:async)`: gives its simulated Asterisk. */
  asyncAgi(facts?: SimulatedRequest, options?: AsteriskOptions): Asterisk;
  /** Gives a channel in `AGI(agi:async)` another name, as transfers do. */
  rename(name: string, newName: string): void;
  /** Writes bytes to every client, whatever they are. */
  write(bytes: string): void;
  /** Cuts every connection, as a restart does; further ones are taken. */
  drop(): void;
  close(): Promise<void>;
}

/** Starts a manager that is as strict as Asterisk's: what Asterisk would refuse or take apart otherwise is refused here too. */
export async function startManagerServer(options: ManagerServerOptions = {}): Promise<ManagerServer> {
  const clients = new Map<Socket, ClientSession>();
  const actions: ReceivedAction[] = [];
  const asyncChannels = new Map<string, AsyncChannel>();
  const state: ManagerState = {
    channels: new Map(),
    variables: new Map(),
    database: new Map(),
    emit(event, fields = {}, privilege = 'system') {
      for (const client of clients.values()) client.event(event, fields, privilege);
    },
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

  const accept = (socket: Socket): void => {
    const ownActions = { agi, controlplayback: controlPlayback, ...options.actions };
    const send = (bytes: string): void => void (socket.writable && socket.write(bytes, 'latin1'));
    const session = createClientSession(
      { ...options, actions: ownActions },
      state,
      (action) => actions.push(action),
      send,
      () => socket.end(),
    );
    clients.set(socket, session);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => session.receive(bytes.toString('latin1')));
    socket.on('close', () => clients.delete(socket));
  };

  const server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const drop = (): void => {
    for (const socket of clients.keys()) socket.destroy();
  };
  const emit = (event: string, fields: ManagerFields, privilege: string): void => state.emit(event, fields, privilege);

  return {
    ...state,
    port: (server.address() as AddressInfo).port,
    actions,
    get clients() {
      return clients.size;
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
    rename(name, newName) {
      const call = asyncChannels.get(name);
      if (!call) return;
      asyncChannels.set(newName, call);
      state.channels.set(newName, call.channel.variables);
      call.rename(newName);
      for (const channels of [asyncChannels, state.channels]) channels.delete(name);
    },
    write(bytes) {
      for (const socket of clients.keys()) socket.write(bytes, 'latin1');
    },
    drop,
    async close() {
      drop();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

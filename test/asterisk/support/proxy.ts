import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What stands between a client and a server, for what neither does by itself. */
export interface Proxy {
  readonly port: number;
  /** Cuts every connection; further ones are taken. */
  cut(): void;
}

/** @param change what becomes of the bytes that the client sends */
export async function startProxy(to: number, change: (bytes: string) => string = (bytes) => bytes): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('data', (bytes) => upstream.write(change(bytes.toString('latin1')), 'latin1'));
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    cut();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, cut };
}

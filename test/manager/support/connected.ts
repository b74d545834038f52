import { onTestFinished } from 'vitest';
import { connectManager, type AsteriskManager, type ManagerOptions } from '../../../src/manager';
import { createManager } from '../../../src/manager/manager';
import { startManagerServer, type ManagerServer, type ManagerServerOptions } from '../../../src/testing';

/** A simulated manager for this test. */
export async function serverFor(options: ManagerServerOptions = {}): Promise<ManagerServer> {
  const server = await startManagerServer({ refusal: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** A client of it, connected, with a log that nobody reads unless it is given. */
export async function clientOf(server: { readonly port: number }, options: ManagerOptions = {}): Promise<AsteriskManager> {
  const manager = await connectManager({
    server: `127.0.0.1:${server.port}`,
    username: 'phpagi',
    secret: 'phpagi',
    log: keptLog().log,
    ...options,
  });
  onTestFinished(() => manager.close());
  return manager;
}

/** Both, connected. */
export async function connected(
  server: ManagerServerOptions = {},
  options: ManagerOptions = {},
): Promise<{ server: ManagerServer; manager: AsteriskManager }> {
  const started = await serverFor(server);
  return { server: started, manager: await clientOf(started, options) };
}

/** A client that does not wait before it connects again; not connected yet. */
export function impatient({ port }: { readonly port: number }, log = keptLog().log): ReturnType<typeof createManager> {
  const address = { host: '127.0.0.1', port, tls: false, tlsCa: undefined, tlsName: undefined };
  const how = { username: 'phpagi', secret: 'phpagi', timeout: 10_000, keepAlive: 30_000, pauses: { first: 0, longest: 0 } };
  const made = createManager({ ...address, ...how, log });
  onTestFinished(() => made.manager.close());
  return made;
}

/** Waits for something that comes by itself. */
export async function eventually(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Settles when a connection that is lost is there again. */
export function back(manager: Pick<AsteriskManager, 'on'>): Promise<void> {
  return new Promise((resolve) => {
    const end = manager.on('ready', () => {
      end();
      resolve();
    });
  });
}

/** A log that keeps its lines. */
export function keptLog(): { lines: string[]; log: NonNullable<ManagerOptions['log']> } {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  return { lines, log: { info: keep, warn: keep, error: keep } };
}

import { onTestFinished } from 'vitest';
import { AsteriskManager, type ManagerOptions } from '../../../src/manager';
import { startManagerServer, type ManagerServer, type ManagerServerOptions } from '../../../src/testing';

/** A simulated manager for this test. */
export async function serverFor(options: ManagerServerOptions = {}): Promise<ManagerServer> {
  const server = await startManagerServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A client of it that is not connected yet. */
export function clientOf(server: { readonly port: number }, options: ManagerOptions = {}): AsteriskManager {
  const manager = new AsteriskManager({ server: `127.0.0.1:${server.port}`, username: 'phpagi', secret: 'phpagi', ...options });
  onTestFinished(() => manager.close());
  return manager;
}

/** Both, connected. */
export async function connected(
  server: ManagerServerOptions = {},
  options: ManagerOptions = {},
): Promise<{ server: ManagerServer; manager: AsteriskManager }> {
  const started = await serverFor(server);
  return { server: started, manager: await clientOf(started, options).connect() };
}

/** Waits for something that comes by itself. */
export async function eventually(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A log that keeps its lines. */
export function keptLog(): { lines: string[]; log: NonNullable<ManagerOptions['log']> } {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  return { lines, log: { info: keep, warn: keep, error: keep } };
}

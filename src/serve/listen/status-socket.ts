import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import type { Log } from '../../ground/log';
import { masterOf } from '../../ground/trust';
import { isAnswered, listenAt } from '../../ground/unix-socket';
import type { Identity } from '../process/identity';
import { runningCalls, statusOf, type StatusSource } from './status';

/** Makes the directory of the socket for whoever root is about to become, if only that is missing. */
export function makeStatusDirectory(path: string, { uid, gid }: Pick<Identity, 'uid' | 'gid'>): void {
  const directory = dirname(path);
  // In a place that others may write, root makes nothing.
  if (existsSync(directory) || !existsSync(dirname(directory)) || masterOf(dirname(directory)) !== 'root') return;
  mkdirSync(directory, { mode: 0o750 });
  chownSync(directory, uid, gid);
}

/** Answers `fastagi status` on a socket that only this user, and root, can open. One that cannot be had costs no call. */
export async function startStatusSocket(path: string, source: StatusSource, log: Log): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const running = runningCalls(source);
    socket.end(`${JSON.stringify({ ...statusOf(source, running), running })}\n`);
    socket.resume();
  });
  if (await isAnswered(path)) {
    log.warn(`fastagi status will not show this service: another one answers on ${path}; name another: [fastagi] status_socket`);
    return undefined;
  }
  try {
    await listenAt(server, path, 0o600);
    return server;
  } catch (error) {
    log.warn(
      `fastagi status will not work: ${(error as Error).message}; name a place that this user may write to: [fastagi] status_socket`,
    );
    return undefined;
  }
}

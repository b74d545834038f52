import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';

/** Whether somebody answers at a socket, rather than what one that was killed has left behind. */
export function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

/** Has a server listen at a path, in place of what is there. Rejects if it cannot. @param mode who may open it, from the first moment on no more */
export async function listenAt(server: Server, path: string, mode: number): Promise<void> {
  const umask = process.umask(0o177);
  try {
    rmSync(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    chmodSync(path, mode);
  } finally {
    process.umask(umask);
  }
}

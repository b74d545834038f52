// A port of one's own for a server that is about to start, and the wait until it listens.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** How often, and after how many ms each time, a server is looked for. */
const [tries, pause] = [400, 25];

/** Below those that the kernel gives to whoever asks for any, be it for an outgoing connection: it would give one of them away before its server starts. */
const [lowest, end] = [10_000, 32_768];

export async function freePort(host = '127.0.0.1') {
  for (;;) {
    const port = randomInt(lowest, end);
    const server = createServer().listen(port, host);
    const isFree = await once(server, 'listening').then(
      () => true,
      (error) => {
        if (error.code === 'EADDRINUSE') return false;
        throw error;
      },
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Waits until a server listens. Throws if it has ended, or never does. @param child its process, if it has one here */
export async function untilListening(port, host = '127.0.0.1', child) {
  for (let left = tries; left > 0; left--) {
    if (child && child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (await isOpen(port, host)) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`nobody listens on port ${port}`);
}

function isOpen(port, host) {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

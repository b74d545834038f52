// A port of one's own for a server that is about to start, and the wait until it listens.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** How often, and after how many ms each time, a server is looked for. */
const [tries, pause] = [400, 25];

export async function freePort(host = '127.0.0.1') {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
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

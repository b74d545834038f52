import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { porterCells, porterCloses, porterReasons, type FromPorter, type Listening, type PorterStart } from './porter-messages';
import { refusalText, refuse } from './refusal';

/*
 * A thread of the master that refuses calls when no worker can: it has the listening sockets open as well, and is kept from accepting by
 * waiting, event loop and all, until the master wakes it.
 */

const { sockets, cells } = workerData as PorterStart;
const state = new Int32Array(cells);
const pause = 5;
/** So many connections may wait to be accepted. */
const queue = 4096;
let underWay = 0;

void begin();

async function begin(): Promise<void> {
  const servers = sockets.map((socket) => {
    const server = createServer({ pauseOnConnect: true, noDelay: true }, (connection) => {
      const reason = reasonNow();
      underWay += 1;
      Atomics.add(state, porterCells[reason], 1);
      const text = refusalText(reason, Atomics.load(state, porterCells.limit));
      void refuse(connection, text).then(() => (underWay -= 1));
    });
    if ('fd' in socket) server.listen(socket, queue);
    else server.listen({ ...socket, backlog: queue });
    return server;
  });
  try {
    // Where a socket was handed over, a call may wait already: a turn of the event loop would accept it.
    await Promise.all(servers.filter((server) => !server.listening).map((server) => once(server, 'listening')));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    tell({ error: { code, message } });
    return;
  }
  tell({ listening: servers.map(listeningOf) });
  sleep(servers);
}

function reasonNow(): keyof typeof porterReasons {
  const open = Atomics.load(state, porterCells.open);
  return open === porterReasons.stalled ? 'stalled' : open === porterReasons.draining ? 'draining' : 'max_calls';
}

function tell(message: FromPorter): void {
  parentPort?.postMessage(message);
}

function listeningOf(server: Server): Listening {
  // Of a server Node says its descriptor only here.
  const { fd } = (server as Server & { _handle: { fd: number } })._handle;
  const { address, port } = server.address() as AddressInfo;
  return { fd, address, port };
}

/** What it has accepted is refused to its end. */
function close(servers: readonly Server[]): void {
  for (const server of servers) server.close();
  parentPort?.close();
}

/** Nothing is accepted before the master says so, nor while it does not. */
function sleep(servers: readonly Server[]): void {
  Atomics.wait(state, porterCells.open, 0);
  look(servers);
}

function look(servers: readonly Server[]): void {
  const open = Atomics.load(state, porterCells.open);
  if (open === porterCloses) close(servers);
  else if (open === 0 && underWay === 0) sleep(servers);
  else setTimeout(look, pause, servers);
}

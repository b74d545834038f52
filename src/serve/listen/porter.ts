import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConfigError } from '../../ground/errors';
import { dist } from '../../ground/package-directory';
import {
  porterCells,
  porterCloses,
  porterReasons,
  type FromPorter,
  type Listening,
  type PorterStart,
  type SocketSource,
} from './porter-messages';

/** Refuses calls if no worker can, and keeps the listening sockets for the workers to come. */
export interface Porter {
  readonly listening: readonly Listening[];
  /** Refuses from now on whoever calls, for this reason; none: nobody. While the service ends nothing else counts. */
  refuse(reason: keyof typeof porterReasons | undefined): void;
  /** Whether the sockets are its own: they are gone with it. */
  readonly isOwn: boolean;
  /**
   * Listens no more. Settles when that is so: a thread that is ended while it waits may take a connection with it, which whoever keeps the socket
   * would have had served.
   */
  close(): Promise<void>;
  /** How many it has refused, by reason. */
  refused(): Readonly<Record<keyof typeof porterReasons, number>>;
  limit(calls: number): void;
}

/**
 * Opens the listening sockets. Throws ConfigError for an address that cannot be had.
 * @param isOwn whether they are this program's own
 */
export async function startPorter(sockets: readonly SocketSource[], isOwn: boolean): Promise<Porter> {
  const cells = new SharedArrayBuffer(4 * porterCells.count);
  const state = new Int32Array(cells);
  const data: PorterStart = { sockets, cells };
  const thread = new Worker(join(dist, 'porter-thread.js'), { workerData: data, stdout: false, stderr: false });
  const message = await new Promise<FromPorter>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  if ('error' in message) throw cannotListen(message.error.code, message.error.message);
  const closed = new Promise<void>((resolve) => void thread.once('exit', () => resolve()));
  thread.unref();
  const set = (wanted: number): void => {
    if (Atomics.exchange(state, porterCells.open, wanted) !== wanted) Atomics.notify(state, porterCells.open);
  };
  let isEnding = false;
  return {
    isOwn,
    listening: message.listening,
    refuse(reason) {
      if (!isEnding) set(reason === undefined ? 0 : porterReasons[reason]);
      isEnding ||= reason === 'draining';
    },
    close() {
      isEnding = true;
      set(porterCloses);
      return closed;
    },
    refused: () => ({
      max_calls: Atomics.load(state, porterCells.max_calls),
      stalled: Atomics.load(state, porterCells.stalled),
      draining: Atomics.load(state, porterCells.draining),
    }),
    limit: (calls) => void Atomics.store(state, porterCells.limit, calls),
  };
}

function cannotListen(code: string | undefined, message: string): ConfigError {
  const remedies: Record<string, string> = {
    EADDRINUSE: 'somebody listens there already (ss -ltnp shows who); stop that, or name another --port',
    EADDRNOTAVAIL: 'this machine does not have the address (ip address); name another --host',
    EACCES: "ports below 1024 are root's: start it as root with [fastagi] user, or name another --port",
  };
  return new ConfigError('FASTAGI_LISTEN', `cannot listen: ${message}; ${remedies[code ?? ''] ?? 'name another --host or --port'}`);
}

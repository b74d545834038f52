import { ownCommand } from '../../ground/own-command';
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { inherited, type HandedRequest, type ToMaster, type ToWorker } from './messages';
import type { Where } from './observer-messages';
import type { Listening } from './porter-messages';
import type { Scoreboard } from './scoreboard';

/**
 * A worker, as the master sees it: it starts, serves, serves until another one is there in its place, finishes its calls, is gone.
 */
export type WorkerState = 'starting' | 'serving' | 'worn' | 'retiring' | 'gone';

export interface PooledWorker {
  readonly pid: number | undefined;
  readonly region: number;
  /** In ms since 1970. */
  readonly begun: number;
  /** Which settings it has. */
  readonly generation: number;
  state: WorkerState;
  send(message: Exclude<ToWorker, { kind: 'call' }>): void;
  /** Gives it a call. @param failed it is gone, and the socket still here */
  hand(socket: Socket, request: HandedRequest, failed: () => void): void;
  /** Where its event loop is held up, whether it answers or not; undefined if nobody can look. */
  where(): Promise<Where | undefined>;
  kill(): void;
}

interface Told {
  message(message: ToMaster, socket: Socket | undefined): void;
  gone(code: number | null, signal: NodeJS.Signals | null): void;
  failed(error: Error): void;
}

/** What a worker's command line holds. */
const workerWord = 'listen-worker';
/** So long an observer may take to say where its worker is, in ms. */
const patience = 3000;

export function startWorker(
  { board, listening }: { readonly board: Scoreboard; readonly listening: readonly Listening[] },
  { region, generation }: Pick<PooledWorker, 'region' | 'generation'>,
  told: Told,
): PooledWorker {
  // Standard error is the log; then the channel to the master, the scoreboard, the observer's, and the listening sockets.
  // Never on 0 to 2: libuv has those of a child wait, which is then true of the socket, for all that share it.
  const sockets = listening.map(({ fd }) => fd);
  const stdio: StdioOptions = ['ignore', 2, 2, 'ipc', board.descriptor, 'pipe', ...sockets];
  // A terminal's Ctrl-C is for the master alone.
  const [file, ...args] = ownCommand();
  const child = spawn(file, [...args, workerWord], { stdio, detached: true });
  child.on('message', (message, socket) => told.message(message as ToMaster, socket as Socket | undefined));
  // One that was never started does not end, either.
  child.once('error', (error) => (child.pid === undefined ? told.failed(error) : undefined));
  child.once('exit', told.gone);
  return {
    pid: child.pid,
    region,
    generation,
    begun: Date.now(),
    state: 'starting',
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    hand(socket, request, failed) {
      const message: ToWorker = { kind: 'call', request };
      child.send(message, socket, { keepOpen: true }, (error) => {
        if (error) failed();
        // Only this process's copy is closed.
        else socket.destroy();
      });
    },
    where: () => whereIs(child),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** The descriptors of these sockets in a worker. */
export const socketsInWorker = (listening: readonly Listening[]): number[] => listening.map((_, index) => inherited.firstSocket + index);

function whereIs(child: ChildProcess): Promise<Where | undefined> {
  const observer = child.stdio.at(inherited.observer) as Socket;
  if (!observer.writable || observer.readableEnded) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    let text = '';
    const end = (found: Where | undefined): void => {
      clearTimeout(timer);
      observer.off('data', take);
      resolve(found);
    };
    const take = (bytes: Buffer): void => {
      text += String(bytes);
      if (text.endsWith('\n')) end(JSON.parse(text) as Where);
    };
    const timer = setTimeout(() => end(undefined), patience);
    observer.on('error', () => undefined).once('close', () => end(undefined));
    observer.on('data', take);
    observer.write('where\n');
  });
}

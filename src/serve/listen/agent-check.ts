import { createServer, type Server } from 'node:net';
import { listenAt } from './address';
import type { StatusSource } from './status';

/**
 * Tells HAProxy how many more calls could come: `ready N%`, of `max_calls`, or `drain` while the service ends.
 * @see HAProxy: agent-check
 */
export async function startAgentCheck(address: string, source: StatusSource): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`${agentAnswer(source)}\n`);
    socket.resume();
  });
  await listenAt(server, address, '--agent-check');
  return server;
}

function agentAnswer({ state, board, settings }: StatusSource): string {
  if (state() !== 'ready') return 'drain';
  const { maxCalls } = settings().fastagi;
  const free = Math.max(0, maxCalls - board.glance().active);
  return `ready ${Math.ceil((100 * free) / maxCalls)}%`;
}

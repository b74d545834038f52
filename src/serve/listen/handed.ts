import type { Socket } from 'node:net';
import type { Log } from '../../ground/log';
import type { HandedRequest } from './messages';
import { refusalText, refuse } from './refusal';
import { stopReading } from './socket-connection';

/** Calls whose requests were read by a worker that may not serve them, on their way to another one. */
export interface Handed {
  add(socket: Socket, request: HandedRequest): void;
  /** Hands on what waits, if somebody takes it. */
  handOn(): void;
  /** Nobody is left to serve them. */
  refuseAll(): void;
}

/** A worker that takes calls. */
interface Taker {
  /** @param failed the worker is gone, and the call is still to be served */
  hand(socket: Socket, request: HandedRequest, failed: () => void): void;
}

/** In ms: so long a call waits for a worker; mostly one is started within 150 ms. */
const longestWait = 3000;

/** @param taker who is to have the next one; undefined if nobody can at this moment */
export function createHanded(taker: () => Taker | undefined, log: Log): Handed {
  const waiting = new Map<Socket, { readonly request: HandedRequest; readonly timer: NodeJS.Timeout }>();

  const wait = (socket: Socket, request: HandedRequest): void => {
    const timer = setTimeout(() => {
      waiting.delete(socket);
      log.error(`a call was refused, as for ${longestWait / 1000} s no worker took it over: each computes, or does not start`);
      void refuse(socket, refusalText('stalled', 0));
    }, longestWait);
    waiting.set(socket, { request, timer });
  };

  const handOn = (): void => {
    const now = [...waiting];
    for (const [socket, { request, timer }] of now) {
      const to = taker();
      if (!to) return;
      clearTimeout(timer);
      waiting.delete(socket);
      // That it is gone is known in a moment, and then there is another one.
      to.hand(socket, request, () => wait(socket, request));
    }
  };

  return {
    add(socket, request) {
      stopReading(socket);
      wait(socket, request);
      handOn();
    },
    handOn,
    refuseAll() {
      for (const [socket, { timer }] of waiting) {
        clearTimeout(timer);
        void refuse(socket, refusalText('draining', 0));
      }
      waiting.clear();
    },
  };
}

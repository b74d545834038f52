import type { Socket } from 'node:net';
import type { Call } from '../../call/call';
import type { Contained, Host } from '../../call/host';
import type { CallKind } from '../../call/kind';
import { networkCall } from '../../call/network-call';
import { isFailure, type Outcome } from '../../call/outcome';
import { receivedOf } from '../../call/receive-request';
import { serveCall, serveReceived } from '../../call/serve-call';
import { HangupError } from '../../ground/errors';
import type { HandedRequest } from './messages';
import type { Place, Places } from './places';
import { refusalText, refuse, type RefusalReason } from './refusal';
import { socketConnection, type SocketConnection } from './socket-connection';
import { createLocations } from './locations';
import { lastDigits } from './last-digits';
import type { Tally } from './tally';
import { timed } from './timed';

/** The calls of one worker. */
export interface WorkerCalls {
  /** Their connections. */
  readonly sockets: ReadonlySet<Socket>;
  /** Serves a connection, or refuses it. */
  accept(socket: Socket): void;
  /** Goes on with a call whose request another worker has received. */
  takeOver(socket: Socket, request: HandedRequest): void;
  /** Ends all of them as hung up; those that wait for an application are let go: Asterisk runs it to its end. */
  hangUp(): void;
  /** Settles when none is left. */
  over(): Promise<void>;
}

interface Shared {
  readonly host: Host;
  readonly places: Places;
  readonly tally: Tally;
  /** Whether another worker is to have the call, since this one has loaded what has changed. @param script its path */
  mustGo(script: string): boolean;
  /** Gives a call to another worker. */
  give(socket: Socket, request: HandedRequest): void;
  /** A call is over. */
  ended(): void;
}

/** A call that runs. */
interface Running {
  readonly contained: Contained;
  readonly connection: SocketConnection;
}

/** So long a script may clean up after it was hung up, in ms, before what it waits for is broken off. */
const cleanUp = 1000;

export function createWorkerCalls({ host, places, tally, mustGo, give, ended }: Shared): WorkerCalls {
  const running = new Set<Running>();
  const sockets = new Set<Socket>();
  const kind: CallKind = { ...networkCall, locate: createLocations().locate };
  const { maxCalls, maxCallsPerPeer } = host.settings.fastagi;
  let waiting: (() => void)[] = [];

  const callOn = (socket: Socket, place: Place, begun: number): Call & { readonly script: () => string } => {
    const connection = timed(socketConnection(socket), tally, performance.now());
    sockets.add(socket);
    void connection.closed.then(() => {
      sockets.delete(socket);
      return place.free();
    });
    let script = '';
    const own: Pick<Host, 'admit' | 'contain'> = {
      async admit(located, received) {
        script = located.name;
        if (mustGo(located.path)) {
          const { environment, rest, proxied } = received;
          give(connection.handOver(), { environment, rest, proxied, begun });
          return 'elsewhere';
        }
        place.name(received.request['agi_channel'] ?? '', located.name);
        return host.admit(located, received);
      },
      contain(contained, run) {
        const call = { contained, connection };
        running.add(call);
        return host.contain(contained, run).finally(() => running.delete(call));
      },
    };
    return { kind, host: { ...host, ...own }, connection, begun, afterwards: [], script: () => script };
  };

  const toItsEnd = async (call: ReturnType<typeof callOn>, place: Place, outcome: Promise<Outcome | undefined>): Promise<void> => {
    const came = await outcome;
    if (came) count(call, came);
    place.over();
    ended();
    if (places.unfinished > 0) return;
    for (const told of waiting) told();
    waiting = [];
  };

  const count = (call: ReturnType<typeof callOn>, came: Outcome): void => {
    const script = call.script();
    const now = Date.now();
    tally.ended(script, came.status, (now - call.begun) / 1000);
    if (isFailure(came)) tally.failed({ at: now, script, status: came.status, reason: lastDigits(came.reason) });
  };

  return {
    sockets,
    accept(socket) {
      const peer = socket.remoteAddress;
      if (peer === undefined) {
        // It was closed before it was accepted.
        socket.destroy();
        return;
      }
      const place = places.take(peer);
      if (typeof place === 'string') {
        tally.refused(place);
        void refuse(socket, refusalText(place, limitOf(place)));
        return;
      }
      const call = callOn(socket, place, Date.now());
      void toItsEnd(call, place, serveCall(call));
    },
    takeOver(socket, { begun, environment, rest, proxied }) {
      const place = places.takeOver(socket.remoteAddress ?? '');
      const call = callOn(socket, place, begun);
      void toItsEnd(call, place, serveReceived(call, receivedOf({ environment, rest }, proxied)));
    },
    hangUp() {
      for (const { contained, connection } of running) {
        const { channel } = contained;
        if (channel.underWay[0]?.startsWith('EXEC')) void connection.close();
        channel.hangUp();
        setTimeout(() => contained.breakWith(new HangupError('the service is being stopped')), cleanUp);
      }
    },
    over: () =>
      new Promise((resolve) => {
        if (places.unfinished === 0) resolve();
        else waiting.push(resolve);
      }),
  };

  function limitOf(reason: RefusalReason): number {
    return reason === 'max_calls_per_peer' ? maxCallsPerPeer : maxCalls;
  }
}
